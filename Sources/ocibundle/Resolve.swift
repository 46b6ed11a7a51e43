internal import Bundle
internal import CommandSupport

let resolve = Verb(
  "resolve", "CONTAINER...", "Print the ids of containers that are named by id, the beginning of one, or name", operandCount: 1...Int.max
) { options in
  let store = ContainerStore(try places(options))
  return forEach(options.operands) { operand throws(BundleError) in printLine(try store.resolve(operand).record.id) }
}

let rename = Verb("rename", "CONTAINER NEW_NAME", "Give a container another name", operandCount: 2...2) { options in
  try ContainerStore(try places(options)).rename(options.operands[0], to: options.operands[1])
  return ExitCode.success
}

let port = Verb(
  "port", "CONTAINER [PORT[/PROTO]]", "Print where a container's ports are published", operandCount: 1...2
) { options in
  let places = try places(options)
  let inspection = try Inspection(try ContainerStore(places).resolve(options.operands[0]), places)
  for line in try inspection.portLines(options.operands.count > 1 ? options.operands[1] : nil) { printLine(line) }
  return ExitCode.success
}
