import ArgumentParser
import CommandSupport
import LayerArchive
import Linux
import SystemPackage

/// `layerctl diff OLD NEW`: the layer that makes NEW of OLD.
struct Diff: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Write the layer that makes one directory of another.")

  @OptionGroup var destination: LayerDestination
  @ArgumentParser.Argument(help: "The directory that the layer is to be applied to.") var old: String
  @ArgumentParser.Argument(help: "The directory that is to come of it.") var new: String

  func run() {
    orFail {
      let before = try openFile(FilePath(old), [.readOnly, .directory])
      let after = try openFile(FilePath(new), [.readOnly, .directory])
      let difference = try TreeDifference(from: before, to: after)
      try destination.write { (writer) throws(LayerError) in
        try writer.add(difference, of: after, TreeOptions(warn: warnOfEntry))
      }
    }
  }
}
