internal import CommandSupport
internal import Linux

let program = Program(
  "netctl", "networks of containers: bridges, addresses, routes", version: "netctl \(toteVersion)",
  globals: storeOptions, verbs: [attachVerb, detachVerb])

exitProcess(program.run(Array(CommandLine.arguments.dropFirst())))
