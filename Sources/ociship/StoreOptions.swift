import ArgumentParser
import CommandSupport
import ImageStore

/// Where the images are.
struct StoreOptions: ParsableArguments {
  @ArgumentParser.Option(name: .long, help: ArgumentHelp("Where images are kept (TOTE_ROOT).", valueName: "dir"))
  var root: String?

  var store: ImageStore { ImageStore(Roots.durable(root)) }
}
