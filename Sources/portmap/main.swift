internal import CommandSupport
internal import Linux

let program = Program(
  "portmap", "publish ports of containers on this host", version: "portmap \(toteVersion)",
  globals: storeOptions, verbs: [addVerb, deleteVerb, listVerb, parseVerb, attachVerb, detachVerb, checkVerb, repairVerb])

exitProcess(program.run(Array(CommandLine.arguments.dropFirst())))
