internal import ContentHash
internal import ImageStore
internal import LayerArchive
internal import Linux
internal import OCIImageSpec

/// What a layer says of each of its paths, to be held against another layer.
struct LayerContents {
  private struct File: Equatable {
    var entry: TarEntry
    var content: Digest?
  }

  private var files: [BytePath: File] = [:]

  init(_ layer: Descriptor, _ store: ImageStore) throws(BuildError) {
    try attempting("cannot read layer '\(layer.digest)'") {
      let reader = TarReader(DescriptorSource(try store.openBlob(layer)))
      while var entry = try reader.next() {
        var hasher = ContentHasher()
        while let piece = try reader.nextContent() { unsafe hasher.update(piece.bytes) }
        guard let path = entry.path.normalized else { continue }
        entry.modified = Timestamp(seconds: 0)
        files[path] = File(entry: entry, content: entry.kind == .regular ? hasher.finish() : nil)
      }
    }
  }

  /// In the order of the paths: what is different, in words that follow the path.
  func changes(to new: LayerContents) -> [(path: BytePath, change: String)] {
    var changes: [(path: BytePath, change: String)] = []
    for (path, file) in new.files {
      guard let old = files[path] else {
        changes.append((path, "is new"))
        continue
      }
      if old != file { changes.append((path, Self.change(old, file))) }
    }
    for path in files.keys where new.files[path] == nil { changes.append((path, "is gone")) }
    return changes.sorted { $0.path.bytes.lexicographicallyPrecedes($1.path.bytes) }
  }

  private static func change(_ old: File, _ new: File) -> String {
    if old.entry.kind != new.entry.kind { return "is of another kind or leads elsewhere" }
    if old.content != new.content { return "has another content" }
    if old.entry.mode != new.entry.mode {
      return "had mode \(String(old.entry.mode, radix: 8)), has \(String(new.entry.mode, radix: 8))"
    }
    return "has another owner or other attributes"
  }
}
