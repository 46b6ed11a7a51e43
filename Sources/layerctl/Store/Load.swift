import ArgumentParser
import CommandSupport
import ImageStore
import LayerArchive
import LayerStore
import Linux
import OCIImageSpec
import SystemPackage

/// `layerctl load`: images out of an archive or an OCI layout.
struct Load: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Read images from an archive or an OCI layout.")

  @OptionGroup var location: StoreLocation
  @ArgumentParser.Option(name: .shortAndLong, help: "Read this file, or this directory with an OCI layout, instead of standard input.")
  var input: String?
  @Flag(name: .shortAndLong, help: "Say nothing.") var quiet = false

  func run() {
    let store = location.store
    orFail {
      if input == nil || input == "-", StandardStream.input.isTerminal { fail("requested load from stdin, but stdin is empty") }
      for image in try load(store) where !quiet {
        printLine(image.name.map { "Loaded image: \($0.familiarDescription)" } ?? "Loaded image ID: \(image.id)")
      }
    }
  }

  private func load(_ store: ImageStore) throws -> [LoadedImage] {
    if let input, input != "-", try fileStatus(FilePath(input)).kind == .directory { return try store.load(layout: FilePath(input)) }
    return try store.load(try archiveSource(input))
  }
}
