import ArgumentParser
import CommandSupport
import LayerArchive
import Linux
import SystemPackage

/// `layerctl archive PATH`: a file or tree of a root file system as a tar stream; half of `tote cp`.
struct Archive: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Write a file or directory of a root file system to standard output as a tar archive.",
    discussion: """
      The archive's entries begin with PATH's last name; a PATH that ends with '/.' gives the directory's content alone. Symbolic links \
      on the way are taken as inside the root.
      """)

  @ArgumentParser.Option(help: "The root file system that PATH belongs to.") var root = "/"
  @Flag(name: [.customShort("L"), .long], help: "Follow a symbolic link that PATH names.") var followLink = false
  @ArgumentParser.Argument(help: "The file or directory.") var path: String

  func run() {
    orFail {
      if StandardStream.output.isTerminal { fail("an archive is not for a terminal: redirect standard output") }
      let root = try RootDirectory(FilePath(root))
      let sink = DescriptorSink(try openFile("/proc/self/fd/1", .writeOnly))
      let writer = try LayerWriter(to: sink, compression: LayerCompression.none, times: .exact, hasMarkers: false, threads: 1)
      try writer.addPath(BytePath(path), in: root, following: followLink, warn: warnOfEntry)
      _ = try writer.finish()
    }
  }
}
