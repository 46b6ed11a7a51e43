internal import ContentHash
package import ImageStore
internal import JSON
package import LayerArchive
internal import Linux
package import OCIImageSpec

/// An image to be saved, with the names that go into the archive.
package struct SavedImage: Sendable {
  package let image: StoredImage
  package let names: [Reference]

  package init(_ image: StoredImage, names: [Reference]) {
    self.image = image
    self.names = names
  }
}

extension ImageStore {
  /// Writes an archive of images that OCI tools take for a layout and docker for its own format, as docker 25 and later do:
  /// `oci-layout`, `index.json` and `blobs/` beside a `manifest.json` that points to the same blobs. The same images give the same
  /// bytes: sorted, times zero, owner root.
  ///
  /// Of an image for several platforms everything is written where everything is there, else the manifest of this platform.
  package func save(_ images: [SavedImage], to sink: any ByteSink) throws(LayerStoreError) {
    let hold = try storing { () throws(ImageStoreError) in try self.hold() }
    defer { withExtendedLifetime(hold) {} }
    var index = ImageIndex()
    var items: [DockerArchiveItem] = []
    var blobs: [Digest: Int64] = [:]
    for saved in images {
      let target = try completeTarget(saved.image, &blobs)
      index.manifests += entries(target, saved.names)
      items.append(
        DockerArchiveItem(
          config: path(saved.image.id), repoTags: saved.names.isEmpty ? nil : saved.names.map(\.familiarDescription),
          layers: saved.image.manifest.layers.map { path($0.digest) }))
    }
    let archive = ArchiveWriter(
      try layering("archive") { () throws(LayerError) in try LayerWriter(to: sink, compression: .none, threads: 1) })
    try archive.directory("blobs")
    for algorithm in Digest.Algorithm.allCases where blobs.keys.contains(where: { $0.algorithm == algorithm }) {
      try archive.directory("blobs/\(algorithm.rawValue)")
      let sorted = blobs.filter { $0.key.algorithm == algorithm }.sorted { $0.key.encoded < $1.key.encoded }
      for (digest, size) in sorted { try archive.blob(digest, size, self) }
    }
    try archive.document("index.json", index)
    try archive.document("manifest.json", items)
    try archive.document("oci-layout", ImageLayout())
    try archive.finish()
  }

  private func path(_ digest: Digest) -> String { "blobs/\(digest.algorithm.rawValue)/\(digest.encoded)" }

  /// The entries of the archive's index: `ref.name` is the tag alone, the full name stands in containerd's annotation, as docker has it.
  private func entries(_ target: Descriptor, _ names: [Reference]) -> [Descriptor] {
    var bare = target
    bare.annotations?[Annotation.refName] = nil
    bare.annotations?[Annotation.containerdImageName] = nil
    if bare.annotations?.isEmpty == true { bare.annotations = nil }
    if names.isEmpty { return [bare] }
    return names.map { name in
      var entry = bare
      var annotations = bare.annotations ?? [:]
      annotations[Annotation.containerdImageName] = name.description
      annotations[Annotation.refName] = name.tag ?? "latest"
      entry.annotations = annotations
      return entry
    }
  }

  /// What to save of an image, adding its blobs: all its index has, or the one manifest.
  private func completeTarget(_ image: StoredImage, _ blobs: inout [Digest: Int64]) throws(LayerStoreError) -> Descriptor {
    var all: [Digest: Int64] = [:]
    let isComplete = try storing { () throws(ImageStoreError) in try gather(image.target, &all, depth: 0) }
    if isComplete {
      blobs.merge(all) { a, _ in a }
      return image.target
    }
    var own: [Digest: Int64] = [:]
    guard try storing({ () throws(ImageStoreError) in try gather(image.descriptor, &own, depth: 0) }) else {
      for part in image.manifest.layers where try storing({ () throws(ImageStoreError) in try !hasBlob(part.digest, size: part.size) }) {
        throw .store(.missingBlob(part.digest))
      }
      throw .store(.missingBlob(image.descriptor.digest))
    }
    blobs.merge(own) { a, _ in a }
    return image.descriptor
  }

  /// Every blob that the descriptor leads to; false where one is not there.
  private func gather(_ descriptor: Descriptor, _ blobs: inout [Digest: Int64], depth: Int) throws(ImageStoreError) -> Bool {
    guard depth < 8, try hasBlob(descriptor.digest, size: descriptor.size) else { return false }
    blobs[descriptor.digest] = descriptor.size
    if descriptor.mediaType.isIndex {
      for manifest in try index(descriptor).manifests where try !gather(manifest, &blobs, depth: depth + 1) { return false }
    } else if descriptor.mediaType.isManifest {
      let manifest = try manifest(descriptor)
      for part in [manifest.config] + manifest.layers {
        guard try hasBlob(part.digest, size: part.size) else { return false }
        blobs[part.digest] = part.size
      }
    }
    return true
  }
}

/// The archive being written.
private struct ArchiveWriter {
  private let writer: LayerWriter

  init(_ writer: LayerWriter) { self.writer = writer }

  func directory(_ path: String) throws(LayerStoreError) {
    try layering("archive") { () throws(LayerError) in try writer.add(TarEntry(BytePath(path), .directory, mode: 0o755)) }
  }

  func document(_ path: String, _ value: some Encodable) throws(LayerStoreError) {
    let bytes: [UInt8]
    do throws(JSONError) { bytes = try encodeJSON(value) } catch { throw .archive("archive: \(path): \(error)") }
    try layering("archive") { () throws(LayerError) in
      try writer.add(TarEntry(BytePath(path), .regular, mode: 0o644), bytes: bytes)
    }
  }

  /// Copies a blob, and makes sure on the way that it is what its name says.
  func blob(_ digest: Digest, _ size: Int64, _ store: ImageStore) throws(LayerStoreError) {
    let file = try storing { () throws(ImageStoreError) in try store.openBlob(digest, size: size) }
    var hasher = ContentHasher(digest.algorithm)
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { unsafe buffer.deallocate() }
    var entry = TarEntry(BytePath("blobs/\(digest.algorithm.rawValue)/\(digest.encoded)"), .regular, mode: 0o444)
    entry.size = size
    try layering("archive") { () throws(LayerError) in
      try unsafe writer.add(entry) { () throws(LayerError) in
        let count: Int
        do throws(SystemError) { count = try unsafe file.read(into: buffer) } catch { throw LayerError(nil, .system(error)) }
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
        unsafe hasher.update(bytes)
        return unsafe count == 0 ? nil : bytes
      }
    }
    let found = hasher.finish()
    if found != digest { throw .store(.corruptBlob(digest, "its content has the digest '\(found)'")) }
  }

  func finish() throws(LayerStoreError) {
    _ = try layering("archive") { () throws(LayerError) in try writer.finish() }
  }
}
