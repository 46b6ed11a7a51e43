import ArgumentParser
import CommandSupport
import Linux

/// layerctl: builds and hashes layers, keeps the image store.
struct Layerctl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layerctl", abstract: "Build and hash layers; keep the image store.", version: "layerctl \(toteVersion)",
    subcommands: LayerVerbs.all + StoreVerbs.all)

  /// ArgumentParser ends with 64 for a wrong command line; the tools of this project end with 2.
  static func start() {
    do {
      var command = try parseAsRoot()
      try command.run()
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

Layerctl.start()
