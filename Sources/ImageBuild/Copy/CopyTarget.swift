internal import Dockerfile
internal import LayerArchive
internal import Linux

/// A path that a COPY or ADD puts something at, or makes as a directory on the way.
final class CopyTarget {
  var children: [[UInt8]: CopyTarget] = [:]
  /// The mode of a directory that is made on the way, because the image has none here.
  var madeMode: UInt32?
  /// In the order of the sources: later ones come over earlier ones.
  var contributions: [CopyContribution] = []
}

/// Something to be put at a target path.
struct CopyContribution {
  enum Content {
    case file(SourceRoot, BytePath, FileStatus)
    case inline([UInt8])
  }

  /// The rank among the sources.
  var order: Int
  var content: Content
  /// The directory that holds it, where it was found by listing one.
  var parent: SourceDirectory?
  /// Below the source that was named: relative to it, for --exclude and --parents.
  var relative = BytePath("")
  /// A directory that is there already gets this one's owner and mode.
  var overwrites = false
  /// It is only wanted where something below it is.
  var isLazy = false
  var ignored = DockerIgnore.DirectoryMatches()
  var excluded = DockerIgnore.DirectoryMatches()
  var included = DockerIgnore.DirectoryMatches()
  /// `--parents`: what is to be taken below this source.
  var pattern: DockerIgnore?

  var isDirectory: Bool {
    if case .file(_, _, let status) = content { return status.kind == .directory }
    return false
  }
}
