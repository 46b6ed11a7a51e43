internal import CommandSupport
internal import Linux

let program = Program(
  "netctl", "networks of containers: bridges, addresses, routes", version: "netctl \(toteVersion)",
  globals: storeOptions, verbs: [
    attachVerb, detachVerb, createVerb, listVerb, inspectVerb, removeVerb, pruneVerb, connectVerb, disconnectVerb, addressVerb, collectVerb,
  ])

exitProcess(program.run(Array(CommandLine.arguments.dropFirst())))
