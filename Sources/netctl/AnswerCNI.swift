internal import CommandSupport
internal import JSON
internal import Linux
internal import Network

/// Answers a CNI runtime's call: the answer goes to standard output, an error as well.
func answerCNI(_ plugin: some CNIPlugin, command: String) -> Int32 {
  let input: [UInt8]
  do { input = try StandardStream.input.readAll(limit: 16 << 20) } catch {
    printLine("\(CNIError(.inputOutput, "standard input: \(error)").json(version: "1.1.0"))")
    return ExitCode.failure
  }
  let (output, failed) = plugin.answer(command: command, environment: { Environment[$0] }, input: input)
  if let output { printLine("\(output)") }
  return failed ? ExitCode.failure : ExitCode.success
}
