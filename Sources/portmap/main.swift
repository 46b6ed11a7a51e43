internal import CommandSupport
internal import Linux
internal import Network

let program = Program(
  "portmap", "publish ports of containers on this host", version: "portmap \(toteVersion)",
  globals: storeOptions,
  verbs: [addVerb, deleteVerb, listVerb, parseVerb, attachVerb, detachVerb, joinVerb, drainVerb, checkVerb, repairVerb, brokerVerb])

// A CNI runtime calls with no arguments and everything in the environment.
if CommandLine.arguments.count == 1, let command = Environment["CNI_COMMAND"], !command.isEmpty {
  exitProcess(answerCNI(CNIPortMap(), command: command))
}
exitProcess(program.run(Array(CommandLine.arguments.dropFirst())))
