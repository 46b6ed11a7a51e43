internal import ContentHash
internal import JSON
internal import LayerArchive
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

/// A file of the web as it lies in the cache, named by its digest.
struct FetchedFile {
  let url: String
  let directory: FilePath
  let version: Download.Version
  /// Where it goes into a directory.
  let name: String
  /// What the server said; 1970 where it said nothing, as BuildKit has it.
  let modified: Timestamp
}

/// `$TOTE_ROOT/cache/files/<digest of the address>/`: files that ADD has fetched, each under its digest, and `version.json`, what the
/// server said of the last one. A file that the server says is the same is not fetched again.
struct FileCache {
  private let directory: FilePath
  private let isIgnored: Bool
  private let workspace: Workspace

  init(_ cache: BuildCache, _ workspace: Workspace) {
    directory = cache.directory.appending("files")
    isIgnored = cache.isIgnored
    self.workspace = workspace
  }

  /// The file as it is now. With the digest that it must have, one that is there is taken without asking the server.
  func file(_ download: Download, _ expected: Digest?) throws(BuildError) -> FetchedFile {
    let place = directory.appending(contentDigest(of: Array(download.url.utf8)).encoded)
    let known = isIgnored ? nil : known(place)
    if let known, let expected, known.digest == expected { return try fetched(download, known, place) }
    let path = workspace.fresh("file")
    guard let version = try download.fetch(to: path, unlessIs: known) else {
      guard let known else { throw BuildError("'\(download.url)': the server says that nothing has changed, but nothing is here") }
      if let expected { try check(place.appending(known.digest.encoded), known, expected, download) }
      return try fetched(download, known, place)
    }
    if let expected { try check(path, version, expected, download) }
    try attempting("cannot keep '\(download.url)' in the build cache") {
      try makeDirectories(place)
      let file = try openFile(path, .readOnly)
      try file.changeMode(0o600)
      try file.setModified(version.modified)
      try renameFile(path, to: place.appending(version.digest.encoded))
      try replaceFile(place.appending("version.json"), with: try encodeJSON(version, pretty: true), durable: false)
    }
    return try fetched(download, version, place)
  }

  private func known(_ place: FilePath) -> Download.Version? {
    guard let bytes = try? readFile(place.appending("version.json"), limit: 1 << 20),
      let version = try? decodeJSON(Download.Version.self, from: bytes),
      let status = try? fileStatus(place.appending(version.digest.encoded)), status.size == version.size
    else { return nil }
    return version
  }

  private func check(_ path: FilePath, _ version: Download.Version, _ expected: Digest, _ download: Download) throws(BuildError) {
    let found = try attempting("cannot read '\(download.url)'") {
      expected.algorithm == version.digest.algorithm
        ? version.digest : try contentDigest(of: try openFile(path, .readOnly), expected.algorithm).digest
    }
    if found != expected { throw BuildError("'\(download.url)': expected the digest '\(expected)', got '\(found)'") }
  }

  private func fetched(_ download: Download, _ version: Download.Version, _ place: FilePath) throws(BuildError) -> FetchedFile {
    FetchedFile(
      url: download.url, directory: place, version: version, name: download.fileName(version), modified: version.modified)
  }
}

extension Download.Version {
  /// `Last-Modified` (RFC 9110 section 5.6.7: `Sun, 06 Nov 1994 08:49:37 GMT`).
  var modified: Timestamp {
    let unknown = Timestamp(seconds: 0)
    let words = lastModified?.split(separator: " ") ?? []
    let months = ["Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec"]
    guard words.count == 6, let month = months.firstIndex(where: { $0 == words[2] }) else { return unknown }
    return Timestamp(rfc3339: "\(words[3])-\(month < 9 ? "0" : "")\(month + 1)-\(words[1])T\(words[4])Z") ?? unknown
  }
}
