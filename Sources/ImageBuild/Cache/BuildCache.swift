internal import ImageStore
internal import JSON
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

/// `$TOTE_ROOT/cache/steps/`: which layer came of which step. The layers are blobs of the image store; a record whose layer has been
/// collected is no hit. Records are replaced whole, so that any number of builds may share them.
struct BuildCache: Sendable {
  private let store: ImageStore
  let directory: FilePath
  /// Nothing is looked up; results are recorded all the same.
  var isIgnored: Bool

  init(_ store: ImageStore, isIgnored: Bool) {
    self.store = store
    directory = store.root.appending("cache")
    self.isIgnored = isIgnored
  }

  /// What a step has made, and of what.
  struct Record: Codable {
    /// What the key was made of.
    var key: JSONValue
    var layer: Descriptor
    var diffID: Digest
  }

  private func path(_ digest: Digest) -> FilePath { store.cachedSteps.appending("\(digest.encoded).json") }

  func layer(_ key: CacheKey) -> BuiltLayer? {
    if isIgnored { return nil }
    let path = path(key.digest)
    guard let bytes = try? readFile(path, limit: 1 << 20), let record = try? decodeJSON(Record.self, from: bytes), hasLayer(record) else {
      return nil
    }
    // The time of the file says when the record was last of use.
    try? openFile(path, .readOnly).setModified(.now)
    return BuiltLayer(descriptor: record.layer, diffID: record.diffID)
  }

  /// Every record, the latest first.
  func records() -> [Record] {
    let place = store.cachedSteps
    guard let names = try? openFile(place, [.readOnly, .directory]).entries() else { return [] }
    let files = names.map { place.appending($0.name.string) }.filter { $0.extension == "json" }
    let dated = files.compactMap { path in (try? fileStatus(path)).map { (path, $0.modified) } }.sorted { $0.1 > $1.1 }
    return dated.compactMap { path, _ in
      (try? readFile(path, limit: 1 << 20)).flatMap { try? decodeJSON(Record.self, from: $0) }
    }
  }

  /// Whether the layer of a record is still in the store.
  func hasLayer(_ record: Record) -> Bool { (try? store.hasBlob(record.layer.digest, size: record.layer.size)) == true }

  func record(_ layer: BuiltLayer, _ key: CacheKey) throws(BuildError) {
    let record = Record(key: .object(key.parts), layer: layer.descriptor, diffID: layer.diffID)
    try attempting("cannot write the build cache") {
      try makeDirectories(store.cachedSteps)
      try replaceFile(path(key.digest), with: try encodeJSON(record, pretty: true), durable: false)
    }
  }
}
