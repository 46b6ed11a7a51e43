import ArgumentParser
import CommandSupport
import LayerArchive
import Linux
import SystemPackage

/// `layerctl export DIR`: a root file system as a tar archive.
struct Export: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Write a root file system as a tar archive.")

  @OptionGroup var location: StoreLocation
  @ArgumentParser.Option(name: .shortAndLong, help: "Write to this file instead of standard output.") var output: String?
  @ArgumentParser.Argument(help: "The directory.") var directory: String

  func run() {
    orFail {
      let root = try openFile(FilePath(directory), [.readOnly, .directory])
      let options = TreeOptions(warn: { path, reason in Diagnostics.warning("'\(path)': \(reason)") })
      try writeArchive(to: output, verb: "save") { sink in
        let writer = try LayerWriter(to: sink, compression: .none)
        try writer.addTree(root, options)
        _ = try writer.finish()
      }
    }
  }
}
