import ArgumentParser
import CommandSupport
import ImageStore

/// `layerctl rm NAME…`: docker's rmi.
struct Remove: ParsableCommand {
  static let configuration = CommandConfiguration(
    commandName: "rm", abstract: "Remove names, and images with their last name.", aliases: ["rmi"])

  @OptionGroup var location: StoreLocation
  @Flag(name: .shortAndLong, help: "Also what a container uses or what has several names; no error for what is not there.") var force =
    false
  @Flag(help: "Accepted for docker's sake: there are no untagged parents.") var noPrune = false
  @ArgumentParser.Argument(help: "Names or IDs.") var images: [String]

  func run() {
    let store = location.store
    forEach(images) { image in
      do {
        for step in try store.remove(image, force: force) { printLine(step.text) }
      } catch ImageStoreError.noSuchImage(let typed) where force {
        Diagnostics.error("\(ImageStoreError.noSuchImage(typed))")
      }
    }
  }
}

extension RemovalStep {
  /// As `docker rmi` says it.
  var text: String {
    switch self {
    case .untagged(let name): "Untagged: \(name)"
    case .deleted(let digest): "Deleted: \(digest)"
    }
  }

  /// As `docker image prune` says it.
  var pruneText: String {
    switch self {
    case .untagged(let name): "untagged: \(name)"
    case .deleted(let digest): "deleted: \(digest)"
    }
  }
}
