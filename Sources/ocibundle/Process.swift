internal import Bundle
internal import CommandSupport
internal import Linux

let process = Verb(
  "process", "[OPTIONS] CONTAINER COMMAND [ARG...]",
  "Print process.json for a command in a running container, from docker exec's options", options: ExecRequest.options,
  order: .beforeOperands, operandCount: 2...Int.max, usageExit: ExitCode.containerFailed
) { options in
  let request = try ExecRequest(options)
  try StandardStream.output.write(try request.process(try places(options)) + [10])
  return ExitCode.success
}
