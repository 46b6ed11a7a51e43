import ArgumentParser
import CommandSupport
import ImageStore
import LayerArchive
import LayerStore
import Linux
import OCIImageSpec
import SystemPackage

/// `layerctl commit BUNDLE [NAME]`: docker's commit; whoever needs the container to stand still pauses it.
struct Commit: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "Make an image of what a container has changed.")

  @OptionGroup var location: StoreLocation
  @ArgumentParser.Option(name: .shortAndLong, help: "Who made it.") var author = ""
  @ArgumentParser.Option(name: .shortAndLong, help: "Apply this Dockerfile instruction to the image.") var change: [String] = []
  @ArgumentParser.Option(name: .shortAndLong, help: "What the history says.") var message = ""
  @ArgumentParser.Argument(help: "The container's directory.") var bundle: String
  @ArgumentParser.Argument(help: "The image's name.") var name: String?

  func run() {
    let store = location.store
    orFail {
      let name = try name.map(targetName)
      let container = try CommittedContainer(bundle: FilePath(bundle))
      let hold = try store.hold()
      let base = try store.image(of: container)
      var changes = ConfigChanges(container.configuration(over: base.configuration))
      for change in change { try changes.apply(change) }
      let image = try store.commit(
        hold, container, over: base, config: changes.config, as: name, author: author, comment: message, created: try creationTime(),
        times: try layerTimes(), warn: warnOfEntry)
      printLine("\(image.id)")
    }
  }
}
