import ArgumentParser
import CommandSupport
import ImageStore
import LayerStore
import Linux
import OCIImageSpec
import SystemPackage

/// `layerctl unpack IMAGE`: makes the image's layers ready to be mounted.
struct Unpack: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Unpack an image's layers; print the lower directories, topmost first.")

  @OptionGroup var location: StoreLocation
  @Flag(name: .shortAndLong, help: "Do not print the directories.") var quiet = false
  @Flag(help: "Where the kernel can, make an index of an uncompressed layer instead; its directory's name ends with .erofs.")
  var index = false
  @Flag(help: "Wait until the layers are safely on the disk.") var sync = false
  @ArgumentParser.Option(help: "Which image of several: os/architecture[/variant].") var platform: String?
  @ArgumentParser.Argument(help: "A name or an ID.") var image: String

  func run() {
    let store = location.store
    orFail {
      let hold = try store.hold()
      let image = try store.resolve(image, platform: try platform.map(parsePlatform)).image
      let directories = try store.unpack(hold, image, indexing: index, warn: { Diagnostics.warning($0) }, progress: report)
      if sync { try store.synchronizeLayers() }
      if !quiet { for directory in directories { printLine(directory.string) } }
    }
  }

  /// On a terminal only: what is being waited for.
  private func report(_ step: UnpackStep) {
    guard StandardStream.error.isTerminal, case .unpacking(let chainID, let layer) = step else { return }
    try? StandardStream.error.write("unpacking layer \(chainID.encoded.prefix(12)) (\(humanSize(layer.size)))\n")
  }
}
