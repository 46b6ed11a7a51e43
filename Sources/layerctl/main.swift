import ArgumentParser
import ArgumentParsing
import CommandSupport

/// layerctl: builds and hashes layers, keeps the image store.
struct Layerctl: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "layerctl", abstract: "Build and hash layers; keep the image store.", version: "layerctl \(toteVersion)",
    subcommands: [BuildVerb.self, ContextVerb.self, Report.self] + LayerVerbs.all + StoreVerbs.all)
}

Layerctl.start(BuildFlags.normalized(Array(CommandLine.arguments.dropFirst())))
