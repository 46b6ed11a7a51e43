import ArgumentParser
import CommandSupport
import Linux

@main
struct Dfparse: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "dfparse",
    abstract: "Read a Dockerfile, write it as JSON.",
    discussion: "See dfparse(1), and dockerfile-json(5) for what it writes.",
    version: "dfparse \(toteVersion)",
    subcommands: [Parse.self, Format.self, Lint.self, Graph.self, Outline.self, Targets.self],
    defaultSubcommand: Parse.self)

  /// ArgumentParser ends with 64 for a wrong command line; the tools of this project end with 2.
  static func main() {
    do {
      var command = try parseAsRoot()
      try command.run()
    } catch {
      let code = exitCode(for: error)
      let text = fullMessage(for: error)
      if code.rawValue == ExitCode.success {
        printLine(text)
        exitProcess(ExitCode.success)
      }
      if !text.isEmpty { try? StandardStream.error.write(text + "\n") }
      exitProcess(code == .validationFailure ? ExitCode.usage : code.rawValue)
    }
  }
}

typealias ExitCode = CommandSupport.ExitCode
