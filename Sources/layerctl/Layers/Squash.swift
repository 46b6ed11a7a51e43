import ArgumentParser
import CommandSupport
import ImageStore
import LayerArchive
import LayerStore
import Linux
import SystemPackage

/// `layerctl squash`: several layers as one, from files or of an image.
struct Squash: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Make one layer of several.",
    discussion: """
      LAYERs are applied one after the other, the base layer first, to a directory in $TMPDIR, which is written as one layer. With --image \
      the layers are an image's and the result is an image, whose ID is printed.
      """)

  @OptionGroup var location: StoreLocation
  @OptionGroup var limits: LimitOptions
  @OptionGroup var destination: LayerDestination
  @ArgumentParser.Option(help: "Squash this image of the store.") var image: String?
  @ArgumentParser.Option(help: "With --image: leave the layers of this image, on which it was built, as they are.") var onto: String?
  @ArgumentParser.Argument(help: "Layers, '-' is standard input; with --image the new image's name.") var operands: [String] = []

  func validate() throws {
    if image == nil {
      if onto != nil { throw ValidationError("--onto is for --image") }
      if operands.isEmpty { throw ValidationError("no layers were given") }
    } else if operands.count > 1 {
      throw ValidationError("an image gets one name, not \(operands.count)")
    } else if destination.output != nil {
      throw ValidationError("--output is for layers: an image goes to the store")
    }
  }

  func run() {
    orFail { if let image { try squash(image: image) } else { try squashLayers() } }
  }

  private func squash(image typed: String) throws {
    let store = location.store
    let name = try operands.first.map(targetName)
    let image = try store.resolve(typed).image
    let base = try onto.map { try store.resolve($0).image }
    printLine("\(try store.squash(image, onto: base, as: name, warn: warnOfEntry).id)")
  }

  private func squashLayers() throws {
    let path = FilePath(Environment["TMPDIR"] ?? "/var/tmp").appending("squash.\(UInt64.random(in: .min ... .max))")
    let tree = try ScratchTree(path)
    for operand in operands {
      do throws(LayerError) {
        try tree.add(try source(operand), limits: limits.limits, owners: destination.ownerMap.map, warn: warnOfEntry)
      } catch {
        throw NamedFailure(name: operand, problem: "\(error)")
      }
    }
    let directory = try tree.open()
    try destination.write { (writer) throws(LayerError) in try writer.addTree(directory, TreeOptions(warn: warnOfEntry)) }
  }

  private func source(_ operand: String) throws(LayerError) -> DescriptorSource {
    do { return try layerSource(operand) } catch { throw LayerError(nil, .refused("\(error)")) }
  }
}
