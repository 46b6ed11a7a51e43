internal import ContentHash
internal import JSON
internal import LayerArchive
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

/// A source of ADD that is fetched. What it is now is known; a repository's files are fetched only when they are needed.
enum RemoteSource {
  case file(FetchedFile)
  case repository(GitReference, commit: String?, keepsGitDirectory: Bool)

  /// What the layer depends on.
  var key: JSONValue {
    switch self {
    case .file(let file):
      ["digest": .string("\(file.version.digest)"), "name": .string(file.name), "time": .integer(file.modified.seconds)]
    case .repository(let reference, let commit, let keepsGitDirectory):
      [
        "remote": .string(reference.remote), "commit": .text(commit), "directory": .text(reference.subdirectory),
        "keepGitDirectory": .bool(keepsGitDirectory),
      ]
    }
  }
}

extension Build {
  /// What a word of ADD means that is the address of a file or a repository; nil for a path.
  func remoteSource(_ word: String, checksum: String?, keepsGitDirectory: Bool?) throws(BuildError) -> RemoteSource? {
    if var reference = try GitReference(word) {
      if isLooking { throw BuildError("not asked for") }
      if let checksum { reference.checksum = checksum }
      progress.note("asking \(reference.remote)")
      let commit = try GitCheckout(reference: reference).commit()
      if let commit { try reference.check(commit) }
      if let commit { materials.append(Material(uri: word, digest: [commit.count == 64 ? "sha256" : "sha1": commit])) }
      return .repository(reference, commit: commit, keepsGitDirectory: keepsGitDirectory ?? reference.keepsGitDirectory ?? false)
    }
    if keepsGitDirectory != nil { throw BuildError("--keep-git-dir: '\(word)' is no git repository") }
    guard word.hasPrefix("http://") || word.hasPrefix("https://") else { return nil }
    if isLooking { throw BuildError("not asked for") }
    var expected: Digest?
    if let checksum {
      expected = Digest(checksum)
      if expected == nil { throw BuildError("--checksum=\(checksum): expected ALGORITHM:HEX") }
    }
    progress.note("fetching \(word)")
    let file = try FileCache(cache, workspace).file(Download(url: word), expected)
    materials.append(Material(uri: word, digest: [file.version.digest.algorithm.rawValue: file.version.digest.encoded]))
    return .file(file)
  }

  func open(_ remote: RemoteSource) throws(BuildError) -> [SourceMatch] {
    switch remote {
    case .file(let file):
      let directory = try attempting("cannot open what was fetched") { try RootDirectory(file.directory) }
      let root = SourceRoot(directory, isContext: true, label: "'\(file.url)'")
      root.keepsTimes = true
      return try root.matches(file.version.digest.encoded).map { match in
        SourceMatch(root: root, path: match.path, status: match.status, name: Array(file.name.utf8))
      }
    case .repository(let reference, let commit, let keepsGitDirectory):
      let place = workspace.fresh("repository")
      progress.note("fetching \(reference.remote)")
      _ = try GitCheckout(reference: reference).checkout(into: place, commit: commit, keepsGitDirectory: keepsGitDirectory)
      let root = SourceRoot(try reporting { try RootDirectory(place) }, isContext: true, label: "'\(reference.remote)'")
      return try root.matches(reference.subdirectory ?? ".")
    }
  }
}
