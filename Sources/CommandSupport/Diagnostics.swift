internal import Linux
internal import SystemPackage

/// The exit codes that every tool shares; a tool's man page lists those it adds.
package enum ExitCode {
  package static let success: Int32 = 0
  /// The operation failed.
  package static let failure: Int32 = 1
  /// The command line is wrong.
  package static let usage: Int32 = 2
  /// `ocibundle create`: the image is not in the store.
  package static let noImage: Int32 = 3
  /// docker's: the tool itself failed before the container's command ran.
  package static let containerFailed: Int32 = 125
  /// docker's: the command cannot be invoked.
  package static let notInvocable: Int32 = 126
  /// docker's: the command cannot be found.
  package static let notFound: Int32 = 127
}

/// Where people read what went wrong: standard error, one line a fact, `tool: message`.
package enum Diagnostics {
  /// The tool's name as messages show it: the last component of the program's path.
  package static let programName: String = {
    let path = CommandLine.arguments.first ?? ""
    return path.split(separator: "/").last.map(String.init) ?? "tote"
  }()

  /// `tool: message`. A standard error that is gone is no reason to fail.
  package static func error(_ message: String) {
    try? StandardStream.error.write("\(programName): \(message)\n")
  }

  package static func warning(_ message: String) {
    try? StandardStream.error.write("\(programName): warning: \(message)\n")
  }
}

/// Says `message` on standard error and ends the process.
package func fail(_ message: String, _ status: Int32 = ExitCode.failure) -> Never {
  Diagnostics.error(message)
  exitProcess(status)
}

/// Writes `text` and a newline to standard output. A reader that went away (EPIPE) ends the process quietly, as `head` expects.
package func printLine(_ text: String) {
  do { try StandardStream.output.write(text + "\n") } catch {
    if error.errno == .brokenPipe { exitProcess(ExitCode.failure) }
    fail("standard output: \(error.errno)")
  }
}
