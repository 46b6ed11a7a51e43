internal import ImageStore
internal import JSON
internal import OCIImageSpec

/// An OCI image layout in an archive: content is named by its digest, so that manifests are kept byte for byte.
struct OCIArchive {
  private let archive: any ImageFiles
  private var store: ImageStore { archive.store }

  init(_ archive: any ImageFiles) { self.archive = archive }

  func load() throws(LayerStoreError) -> [LoadedImage] {
    let layout = try decode(ImageLayout.self, ImageLayout.fileName)
    if layout.imageLayoutVersion != ImageLayout.version {
      throw .archive("archive: image layout version '\(layout.imageLayoutVersion)' is not supported")
    }
    let index = try decode(ImageIndex.self, ImageLayout.indexName)
    var images: [LoadedImage] = []
    for entry in index.manifests {
      let id = try keep(entry, depth: 0)
      images.append(LoadedImage(name: entry.imageName, id: id ?? entry.digest, target: entry))
    }
    if images.isEmpty { throw .archive("archive: there is no image in it") }
    return images
  }

  private func decode<Document: Decodable>(_ type: Document.Type, _ path: String) throws(LayerStoreError) -> Document {
    let bytes = try archive.document(path) ?? []
    do { return try decodeJSON(type, from: bytes) } catch { throw .archive("archive: \(path): \(error)") }
  }

  /// Verifies what the descriptor leads to, and puts it into the store. The ID of the image that is found, the first of an index.
  private func keep(_ descriptor: Descriptor, depth: Int) throws(LayerStoreError) -> Digest? {
    if depth == 4 { throw .archive("archive: indexes are nested too deeply") }
    guard try keepBlob(descriptor) else { throw .archive("archive: blob '\(descriptor.digest)' is missing") }
    if descriptor.mediaType.isIndex {
      let index = try storing { () throws(ImageStoreError) in try store.index(descriptor) }
      var first: Digest?
      // An archive may hold but some of an index's platforms.
      for manifest in index.manifests where try archive.file(path(manifest.digest)) != nil {
        let id = try keep(manifest, depth: depth + 1)
        if first == nil { first = id }
      }
      if first == nil, !index.manifests.isEmpty { throw .archive("archive: no manifest of index '\(descriptor.digest)' is in it") }
      return first
    }
    guard descriptor.mediaType.isManifest else { return nil }
    let manifest = try storing { () throws(ImageStoreError) in try store.manifest(descriptor) }
    for part in [manifest.config] + manifest.layers where try !keepBlob(part) {
      throw .archive("archive: blob '\(part.digest)' is missing")
    }
    guard manifest.config.mediaType.isConfig else { return nil }
    let configuration = try storing { () throws(ImageStoreError) in try store.configuration(manifest) }
    for (layer, diffID) in zip(manifest.layers, configuration.rootfs.diffIDs) { _ = try store.verifyLayer(layer, diffID: diffID) }
    return manifest.config.digest
  }

  private func path(_ digest: Digest) -> String { "blobs/\(digest.algorithm.rawValue)/\(digest.encoded)" }

  /// False where the archive does not have the blob and the store neither.
  private func keepBlob(_ descriptor: Descriptor) throws(LayerStoreError) -> Bool {
    guard let file = try archive.file(path(descriptor.digest)) else {
      return try storing { () throws(ImageStoreError) in try store.hasBlob(descriptor.digest, size: descriptor.size) }
    }
    if file.digest != descriptor.digest {
      throw .archive("archive: blob '\(descriptor.digest)' has the digest '\(file.digest)'")
    }
    if file.size != descriptor.size {
      throw .archive("archive: blob '\(descriptor.digest)' has \(file.size) bytes, not \(descriptor.size)")
    }
    try archive.keep(file)
    return true
  }
}
