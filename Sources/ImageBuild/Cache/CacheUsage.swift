package import ImageStore
internal import JSON
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

/// What the build cache of a store keeps.
package struct CacheUsage {
  /// The one that was used last first.
  package private(set) var items: [CacheItem] = []
  private let store: ImageStore

  package init(_ store: ImageStore) throws(BuildError) {
    self.store = store
    let cache = BuildCache(store, isIgnored: false)
    let used = try reporting { try store.reachable().blobs }
    try attempting("cannot read the build cache") {
      try addSteps(used)
      try addFiles(cache.directory.appending("files"))
      try addMounts(cache.directory.appending("mounts"))
    }
    items.sort { ($0.lastUsed, $0.id) > ($1.lastUsed, $1.id) }
  }

  package var size: Int64 { items.map(\.size).reduce(0, +) }

  private mutating func addSteps(_ used: Set<Digest>) throws {
    var counted: Set<Digest> = []
    for name in try Self.names(in: store.cachedSteps) where name.hasSuffix(".json") {
      let path = store.cachedSteps.appending(name)
      guard let status = try? fileStatus(path), let bytes = try? readFile(path, limit: 1 << 20) else { continue }
      // A record that cannot be read is of no use, and takes its own room only.
      let record = try? decodeJSON(BuildCache.Record.self, from: bytes)
      let layer = record.flatMap { (try? store.hasBlob($0.layer.digest, size: $0.layer.size)) == true ? $0.layer : nil }
      let isFirst = layer.map { counted.insert($0.digest).inserted } ?? false
      items.append(
        CacheItem(
          id: String(name.dropLast(5)), kind: .regular, size: isFirst ? layer?.size ?? 0 : 0, lastUsed: status.modified,
          isShared: layer.map { used.contains($0.digest) } ?? false, description: record.map { Self.description($0.key) } ?? "unreadable",
          path: path, layer: layer))
    }
  }

  private mutating func addFiles(_ directory: FilePath) throws {
    for name in try Self.names(in: directory) {
      let place = directory.appending(name)
      guard let opened = try? openFile(place, [.readOnly, .directory]), let status = try? opened.status() else { continue }
      items.append(
        CacheItem(
          id: name, kind: .file, size: (try? treeSize(opened)) ?? 0, lastUsed: status.modified, isShared: false, description: "ADD",
          path: place, layer: nil))
    }
  }

  private mutating func addMounts(_ directory: FilePath) throws {
    for name in try Self.names(in: directory) where !name.hasSuffix(".lock") && !name.hasSuffix(".tmp") {
      let place = directory.appending(name)
      guard let opened = try? openFile(place, [.readOnly, .directory]) else { continue }
      // The lock is opened by every step that has the directory.
      let lastUsed = try (try? fileStatus(FilePath(place.string + ".lock")).modified) ?? opened.status().modified
      items.append(
        CacheItem(
          id: name, kind: .cacheMount, size: (try? treeSize(opened)) ?? 0, lastUsed: lastUsed, isShared: false,
          description: "RUN --mount=type=cache", path: place, layer: nil))
    }
  }

  private static func names(in directory: FilePath) throws -> [String] {
    do { return try openFile(directory, [.readOnly, .directory]).entries().map { $0.name.string }.filter { !$0.hasPrefix(".") } } catch {
      if error.errno == .noSuchFileOrDirectory { return [] }
      throw error
    }
  }

  private static func description(_ key: JSONValue) -> String {
    func words(_ name: String) -> String { (key[name]?.arrayValue ?? []).compactMap(\.stringValue).joined(separator: " ") }
    switch key["kind"]?.stringValue {
    case "run": return "RUN \(words("arguments"))"
    case "copy": return "COPY \(words("sources")) \(key["destination"]?.stringValue ?? "")"
    case "workdir": return "WORKDIR \(key["path"]?.stringValue ?? "")"
    default: return ""
    }
  }
}

extension CacheUsage {
  /// Removes items, and the layers that nothing else needs. A cache directory that a step has now stays.
  /// - Returns: what was removed, and the bytes that this has freed; where a build holds the store, those of layers come with the next
  ///   collection.
  package func remove(_ chosen: [CacheItem]) throws(BuildError) -> (items: [CacheItem], freed: Int64) {
    var removed: [CacheItem] = []
    var freed: Int64 = 0
    var layers = Reachable()
    for item in chosen {
      try attempting("cannot remove '\(item.id)' from the build cache") {
        if item.kind == .cacheMount {
          let lockFile = FilePath(item.path.string + ".lock")
          guard let lock = try? FileLock(lockFile, .exclusive, waiting: false) else { return }
          try removeTree(item.path)
          withExtendedLifetime(lock) {}
        } else {
          try removeTree(item.path)
        }
        if item.layer == nil { freed += item.size }
        removed.append(item)
      }
      if let layer = item.layer { layers.blobs.insert(layer.digest) }
    }
    let candidates = layers
    if !candidates.blobs.isEmpty {
      freed += try reporting { try store.collectGarbage(only: candidates, waiting: false)?.size ?? 0 }
    }
    return (removed, freed)
  }

  /// Those to remove, the ones that were used least lately, so that what stays takes no more than `limit` bytes.
  package func excess(over limit: Int64, among candidates: [CacheItem]) -> [CacheItem] {
    var size = size
    var chosen: [CacheItem] = []
    for item in candidates.sorted(by: { $0.lastUsed < $1.lastUsed }) where size > limit {
      size -= item.size
      chosen.append(item)
    }
    return chosen
  }
}

/// Removes from the build cache what was used least lately, so that it takes no more than `limit` bytes; without a limit 20 GiB, and at most
/// once an hour. Not while a build of this process holds the store.
package func boundCache(_ store: ImageStore, _ limit: Int64?) throws(BuildError) {
  let mark = store.root.appending("cache/bounded")
  if limit == nil, let last = try? fileStatus(mark).modified, last.seconds > Timestamp.now.seconds - 3600 { return }
  try attempting("cannot write the build cache") {
    try makeDirectories(mark.removingLastComponent())
    try replaceFile(mark, with: [], durable: false)
  }
  let usage = try CacheUsage(store)
  _ = try usage.remove(usage.excess(over: limit ?? 20 << 30, among: usage.items))
}
