internal import Dockerfile
internal import LayerArchive

/// A COPY or ADD with its words expanded and its flags understood: what is to come into the layer, not yet looked at.
struct CopyRequest {
  struct Owner: Hashable, Sendable {
    var userID: UInt32
    var groupID: UInt32
  }

  /// A file that the Dockerfile itself holds.
  struct Inline: Hashable, Sendable {
    var name: String
    var content: [UInt8]
  }

  /// Each in the order of the instruction.
  var sources: [String] = []
  var inlines: [Inline] = []
  /// Those of the sources, by index, that are fetched.
  var remotes: [Int: RemoteSource] = [:]
  /// Absolute; a trailing `/` means a directory.
  var destination: String
  var owner: Owner?
  var mode: ModeChange?
  var keepsParents = false
  var exclude: [String] = []
  /// The layer does not look at what is below it.
  var isLink = false
  /// Local archives are unpacked.
  var unpacks = false
  /// The same for fetched ones.
  var unpacksRemote = false

  var hasLocalSources: Bool { sources.count > remotes.count }

  var destinationPath: BytePath { BytePath(Array(cleanPath(Array(destination.utf8)).dropFirst())) }
  var isDirectoryWanted: Bool { destination.hasSuffix("/") || destination.hasSuffix("/.") }

  /// Made directories: octal `--chmod` holds for them, too.
  var madeDirectoryMode: UInt32 { mode?.octal ?? 0o755 }
}
