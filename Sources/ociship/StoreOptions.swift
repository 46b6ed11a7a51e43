import ArgumentParser
import ImageStore
import Linux
import SystemPackage

/// Where the images are.
struct StoreOptions: ParsableArguments {
  @ArgumentParser.Option(name: .long, help: ArgumentHelp("Where images are kept (TOTE_ROOT).", valueName: "dir"))
  var root: String?

  var store: ImageStore { ImageStore(FilePath(root ?? Environment["TOTE_ROOT"] ?? "/var/lib/tote")) }
}
