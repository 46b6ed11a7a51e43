import ArgumentParser
import CommandSupport
import LayerArchive
import Linux
import SystemPackage

/// `layerctl pack DIR`: a directory, or an overlay's upper directory, as a layer.
struct Pack: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Write a directory as a layer to standard output.")

  @OptionGroup var destination: LayerDestination
  @Flag(help: "DIR is an overlayfs upper directory: write its removals as whiteouts.") var overlay = false
  @ArgumentParser.Option(parsing: .singleValue, help: "Leave PATH and all below it out; may be repeated.") var exclude: [String] = []
  @ArgumentParser.Argument(help: "The directory.") var directory: String

  func run() {
    orFail {
      let tree = try openFile(FilePath(directory), [.readOnly, .directory])
      let excluded = Set(exclude.compactMap { BytePath($0).normalized })
      let options = TreeOptions(overlay ? .overlayUpper : .plain, isExcluded: { excluded.contains($0) }, warn: warnOfEntry)
      try destination.write { (writer) throws(LayerError) in try writer.addTree(tree, options) }
    }
  }
}
