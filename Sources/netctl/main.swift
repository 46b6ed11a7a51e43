internal import CommandSupport
internal import Linux
internal import Network

let program = Program(
  "netctl", "networks of containers: bridges, addresses, routes", version: "netctl \(toteVersion)",
  globals: storeOptions,
  verbs: [
    attachVerb, detachVerb, createVerb, listVerb, inspectVerb, removeVerb, pruneVerb, connectVerb, disconnectVerb, addressVerb, collectVerb,
  ])

// A CNI runtime calls with no arguments and everything in the environment.
if CommandLine.arguments.count == 1, let command = Environment["CNI_COMMAND"], !command.isEmpty {
  exitProcess(answerCNI(CNINetwork(), command: command))
}
exitProcess(program.run(Array(CommandLine.arguments.dropFirst())))
