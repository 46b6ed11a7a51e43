import ArgumentParser
import CommandSupport
import LayerArchive
import Linux
import OCIImageSpec
import SystemPackage

/// `layerctl index LAYER`: an EROFS file system over an uncompressed layer, which is mounted without being unpacked.
struct Index: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write an EROFS index with which an uncompressed layer is mounted without being unpacked.",
    discussion: "mount -t erofs -o device=LAYER,ro INDEX DIRECTORY shows what 'apply --overlay' makes.")

  @OptionGroup var limits: LimitOptions
  @ArgumentParser.Option(name: .shortAndLong, help: "Write the index to FILE, which appears when it is whole.") var output: String?
  @ArgumentParser.Option(parsing: .singleValue, help: "A layer below, applied with --overlay; repeated, topmost first.")
  var lower: [String] = []
  @ArgumentParser.Argument(help: "The layer; '-' or none is standard input.") var layer: String?

  func run() {
    orFail {
      let indexed = try indexLayer(try layerSource(layer), over: lower.map { FilePath($0) }, limits: limits.limits)
      if indexed.isRootOpaque { Diagnostics.warning("the layer hides all layers below: leave them out of the lowerdirs") }
      guard let index = indexed.index else {
        fail("\(layer ?? "standard input"): no index can be made for it: \(indexed.unsuitable ?? "")")
      }
      try writeArchive(to: output, verb: "write an index") { sink in
        let source = MemorySource(index)
        try source.copy(to: sink)
      }
    }
  }
}
