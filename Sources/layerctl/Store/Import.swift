import ArgumentParser
import CommandSupport
import ImageStore
import LayerStore
import Linux
import OCIImageSpec

/// `layerctl import FILE|- [NAME]`: an image of one layer.
struct Import: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Make an image of one layer from a tar archive.")

  @OptionGroup var location: StoreLocation
  @ArgumentParser.Option(name: .shortAndLong, help: "Apply this Dockerfile instruction to the image.") var change: [String] = []
  @ArgumentParser.Option(name: .shortAndLong, help: "What the history says.") var message: String?
  @ArgumentParser.Option(help: "os/architecture[/variant]; this machine's by default.") var platform: String?
  @ArgumentParser.Argument(help: "The archive: plain, gzip or zstd; - is standard input.") var file: String
  @ArgumentParser.Argument(help: "The image's name.") var name: String?

  func run() {
    let store = location.store
    orFail {
      if file.hasPrefix("http://") || file.hasPrefix("https://") {
        fail("'\(file)': fetch it first: layerctl import does not use the network")
      }
      var changes = ConfigChanges()
      for change in change { try changes.apply(change) }
      let image = try store.importImage(
        try archiveSource(file), sourceName: file == "-" ? "standard input" : "'\(file)'", as: try name.map(targetName),
        config: changes.config, platform: try platform.map(parsePlatform) ?? .host, created: try creationTime(),
        comment: message ?? "Imported from \(file)")
      printLine("\(image.id)")
    }
  }
}

/// Now, or the moment that `SOURCE_DATE_EPOCH` names, so that the same input makes the same image.
func creationTime() throws -> String {
  guard let seconds = try sourceDateEpoch() else { return Timestamp.now.rfc3339 }
  return Timestamp(seconds: seconds).rfc3339
}

/// Seconds since 1970; nil where the variable is not set.
func sourceDateEpoch() throws -> Int64? {
  struct Invalid: Error, CustomStringConvertible { let description: String }
  guard let epoch = Environment["SOURCE_DATE_EPOCH"], !epoch.isEmpty else { return nil }
  guard let seconds = Int64(epoch) else { throw Invalid(description: "SOURCE_DATE_EPOCH: '\(epoch)' is not a number of seconds") }
  return seconds
}
