import ArgumentParser
import CommandSupport
import LayerArchive
import LayerStore
import SystemPackage

/// `layerctl changes BUNDLE`: docker's diff.
struct Changes: ParsableCommand {
  static let configuration = CommandConfiguration(
    abstract: "List what a container has added (A), changed (C) and deleted (D) against its image.")

  @Flag(name: .customShort("z"), help: "Paths as they are, each ended by a NUL.") var isNULEnded = false
  @ArgumentParser.Argument(help: "The container's directory.") var bundle: String

  func run() {
    orFail { try printChanges(try CommittedContainer(bundle: FilePath(bundle)).difference(), isNULEnded: isNULEnded) }
  }
}
