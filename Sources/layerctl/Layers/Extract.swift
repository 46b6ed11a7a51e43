import ArgumentParser
import CommandSupport
import LayerArchive
import Linux
import SystemPackage

/// `layerctl extract PATH`: a tar stream into a root file system; the other half of `tote cp`.
struct Extract: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "Extract a tar archive from standard input into a directory of a root file system.",
    discussion: """
      With --copy the first name of the archive is treated as cp(1) treats a source: it goes into PATH where that is a directory, else it \
      becomes PATH. Nothing outside the root is touched, whatever the archive says.
      """)

  @OptionGroup var limits: LimitOptions
  @ArgumentParser.Option(help: "The root file system that PATH belongs to.") var root = "/"
  @Flag(help: "Name what is extracted as cp(1) names a copy.") var copy = false
  @ArgumentParser.Option(help: "The owner of all that is extracted, instead of what the archive says.") var owner: Ownership?
  @ArgumentParser.Argument(help: "The directory; with --copy the copy's place or name.") var path: String

  /// `UID:GID`.
  struct Ownership: ExpressibleByArgument {
    let userID: UInt32
    let groupID: UInt32

    init?(argument: String) {
      let numbers = argument.split(separator: ":", omittingEmptySubsequences: false).map { UInt32($0) }
      guard numbers.count == 2, let user = numbers[0], let group = numbers[1] else { return nil }
      (userID, groupID) = (user, group)
    }
  }

  func run() {
    orFail {
      let extraction = Extraction(copy ? .copy : .verbatim, owner: owner.map { ($0.userID, $0.groupID) }, limits: limits.limits)
      let source = DescriptorSource(try openFile("/proc/self/fd/0", .readOnly))
      try extractArchive(source, to: BytePath(path), in: FilePath(root), extraction, warn: warnOfEntry)
    }
  }
}
