import ArgumentParser
import CommandSupport
import JSON
import LayerArchive
import Linux
import SystemPackage

/// `layerctl diff-tree OLD NEW`: what differs, as docker's `diff` prints it.
struct DiffTree: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "diff-tree", abstract: "List what is added (A), changed (C) and deleted (D) between two directories.")

  @Flag(name: .customShort("z"), help: "Paths as they are, each ended by a NUL.") var isNULEnded = false
  @ArgumentParser.Argument(help: "The directory before.") var old: String
  @ArgumentParser.Argument(help: "The directory after.") var new: String

  func run() {
    orFail {
      let before = try openFile(FilePath(old), [.readOnly, .directory])
      let after = try openFile(FilePath(new), [.readOnly, .directory])
      try printChanges(try TreeDifference(from: before, to: after), isNULEnded: isNULEnded)
    }
  }
}

/// One change a line, a letter and the path.
func printChanges(_ difference: TreeDifference, isNULEnded: Bool) throws {
  for (path, change) in difference.changes {
    if isNULEnded {
      try StandardStream.output.write(Array("\(change.letter) /".utf8) + path.bytes + [0])
    } else {
      printLine("\(change.letter) /\(path)")
    }
  }
}
