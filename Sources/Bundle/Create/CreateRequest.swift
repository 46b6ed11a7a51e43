package import CommandSupport
package import SystemPackage

/// What `ocibundle create` was asked to make.
package struct CreateRequest: Sendable {
  package enum Source: Hashable, Sendable {
    /// An image of the store, as it was typed.
    case image(String)
    /// An image configuration (`-` is standard input) and the directories to mount, the topmost first: what a build's RUN has.
    case configuration(file: String, lowerdirs: [String])
  }
  package enum Place: Hashable, Sendable {
    /// A new directory of the store, with a name.
    case container
    /// A directory of the caller's.
    case directory(FilePath)
  }

  package var source: Source
  package var place: Place
  package var flags: ContainerFlags
  package var operands: [String]
  /// `--pull`: always, missing or never; `--pulled` makes it never.
  package var pull: String

  /// The options that create has beyond docker run's.
  package static let options: [Option] = [
    .flag("container", help: "make a container of the store and print its id; there is no DIR"),
    .value("image-config", placeholder: "FILE", help: "an image configuration instead of an image; - is standard input"),
    .list("lower", placeholder: "DIR", help: "with --image-config: a directory to mount, the topmost first"),
    .flag("pulled", help: "the image has been pulled: do not ask for it again"),
  ]

  /// Reads `[--container] IMAGE [DIR] [COMMAND…]`, or `--image-config FILE --lower DIR… DIR [COMMAND…]`.
  package init(_ parsed: ParsedOptions, workingDirectory: String) throws(BundleError) {
    flags = try ContainerFlags(parsed, workingDirectory: workingDirectory)
    var words = parsed.operands[...]
    let lowerdirs = parsed.values("lower")
    if let file = parsed.value("image-config") {
      source = .configuration(file: file, lowerdirs: lowerdirs)
    } else {
      if !lowerdirs.isEmpty { throw .refused("--lower goes with --image-config") }
      guard let image = words.popFirst() else { throw .refused("'ocibundle create' requires at least 1 argument: IMAGE") }
      source = .image(image)
    }
    if parsed.flag("container") {
      place = .container
    } else {
      guard let directory = words.popFirst() else {
        throw .refused("'ocibundle create' requires a DIR for the bundle, or --container")
      }
      place = .directory(FilePath(directory))
    }
    operands = Array(words)
    pull = parsed.flag("pulled") ? "never" : parsed.value("pull") ?? "missing"
  }
}
