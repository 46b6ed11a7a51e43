import ArgumentParser
import CommandSupport
import ImageTransfer
import OCIImageSpec

struct PullVerb: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "pull", abstract: "Fetch an image from a registry into the store.")

  @OptionGroup var store: StoreOptions
  @OptionGroup var registry: RegistryOptionsGroup
  @Flag(name: [.short, .long], help: "Say nothing but the image's name.") var quiet = false
  @ArgumentParser.Option(
    name: .long, help: ArgumentHelp("The platform to choose from an index (os/arch[/variant]).", valueName: "platform")) var platform:
    String?
  @Argument(help: ArgumentHelp("NAME[:TAG|@DIGEST]", valueName: "name")) var name: String

  func run() {
    attempt {
      let typed = try readReference(name)
      let reference = typed.withDefaultTag
      var pull = Pull(reference, into: store.store, from: try registry.client(for: reference))
      if let platform {
        guard let wanted = Platform(platform) else { throw Failure("'\(platform)': a platform is os/arch[/variant]") }
        pull.platform = wanted
      }
      if !quiet, typed.isNameOnly { printLine("Using default tag: latest") }
      if !quiet { printLine("\(reference.tag ?? reference.digest?.description ?? ""): Pulling from \(reference.path)") }
      let report = TransferReport("Pull complete", exists: "Already exists", under: "Downloading", quiet: quiet)
      pull.report = { report($0) }
      let outcome = try pull.run()
      if !quiet {
        printLine("Digest: \(outcome.digest)")
        let what = outcome.wasUpToDate ? "Image is up to date" : "Downloaded newer image"
        printLine("Status: \(what) for \(reference.familiarDescription)")
      }
      printLine(reference.description)
    }
  }
}
