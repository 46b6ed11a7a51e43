package import ArgumentParser
internal import CommandSupport
internal import Linux

extension ParsableCommand {
  /// Parses the command line and runs what it names. ArgumentParser ends with 64 for a wrong one; tote's tools end with 2.
  /// `arguments` stand for those of the process, without its name.
  package static func start(_ arguments: [String]? = nil) -> Never {
    do {
      var command = try parseAsRoot(arguments)
      try command.run()
      exitProcess(CommandSupport.ExitCode.success)
    } catch {
      let code = exitCode(for: error)
      let text = fullMessage(for: error)
      if code.rawValue == CommandSupport.ExitCode.success {
        printLine(text)
        exitProcess(CommandSupport.ExitCode.success)
      }
      if !text.isEmpty { try? StandardStream.error.write(text + "\n") }
      exitProcess(code == .validationFailure ? CommandSupport.ExitCode.usage : code.rawValue)
    }
  }
}
