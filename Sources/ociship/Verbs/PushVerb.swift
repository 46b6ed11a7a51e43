import ArgumentParser
import CommandSupport
import ImageStore
import ImageTransfer
import OCIImageSpec

struct PushVerb: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "push", abstract: "Send an image of the store to a registry.")

  @OptionGroup var store: StoreOptions
  @OptionGroup var registry: RegistryOptionsGroup
  @Flag(name: [.short, .long], help: "Say nothing but the image's name.") var quiet = false
  @Argument(help: ArgumentHelp("NAME[:TAG]", valueName: "name")) var name: String

  func run() {
    attempt {
      let typed = try readReference(name)
      if typed.digest != nil { throw Failure("cannot push a digest reference: '\(name)'") }
      let reference = typed.withDefaultTag
      // Before anything is sent: a name that the store has not.
      _ = try store.store.image(named: reference)
      var push = Push(reference, from: store.store, to: try registry.client(for: reference))
      if !quiet {
        if typed.isNameOnly { printLine("Using default tag: latest") }
        printLine("The push refers to repository [\(reference.name)]")
      }
      let report = TransferReport("Pushed", exists: "Layer already exists", under: "Pushing", quiet: quiet)
      push.report = { report($0) }
      let outcome = try push.run()
      printLine(quiet ? reference.description : "\(reference.tag ?? ""): digest: \(outcome.digest) size: \(outcome.size)")
    }
  }
}
