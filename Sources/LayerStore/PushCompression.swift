internal import ContentHash
package import ImageStore
internal import JSON
package import LayerArchive
internal import Linux
package import OCIImageSpec
internal import SystemPackage

// Layers that are built here lie in the store uncompressed: the blob's digest is the diffID, and nothing is compressed for an
// image that never leaves. What a layer became when it was compressed for a registry is remembered, so that the second push of it
// asks the registry by digest and compresses nothing.

/// `cache/compressed/<diffID hex>.json`: what one layer is when compressed.
private struct CompressedForms: Codable {
  /// By the compression (`gzip:2`).
  var forms: [String: Descriptor]
}

extension ImageStore {
  private func formsPath(_ diffID: Digest) -> FilePath { root.appending("cache/compressed/\(diffID.encoded).json") }

  /// What the uncompressed layer `diffID` is known to become under `compression`; its bytes need not be in the store.
  package func compressedForm(_ diffID: Digest, _ compression: LayerCompression) -> Descriptor? {
    guard let bytes = try? readFile(formsPath(diffID), limit: 1 << 20) else { return nil }
    // The cache is derived data: what cannot be read is as good as absent.
    return (try? decodeJSON(CompressedForms.self, from: bytes))?.forms["\(compression)"]
  }

  /// Compresses a layer for a registry into a blob of the store, and remembers what became of it.
  ///
  /// A layer that is compressed already, or of a type that is no layer's, is answered as it is. The blob is referred to by nothing:
  /// garbage collection takes it once `hold` is gone.
  package func compress(
    _ hold: ContentHold, _ layer: Descriptor, diffID: Digest, _ compression: LayerCompression = .gzip, threads: Int = 2
  ) throws(LayerStoreError) -> Descriptor {
    guard layer.mediaType.layerCompression == MediaType.Compression.none, compression.algorithm != .none else { return layer }
    if let known = compressedForm(diffID, compression),
      try storing({ () throws(ImageStoreError) in try hasBlob(known.digest, size: known.size) })
    {
      return known
    }
    let blob = try storing { () throws(ImageStoreError) in try source(layer) }
    let sink = DescriptorSink(try storing { () throws(ImageStoreError) in try temporaryBlob() })
    let description = try layering("layer '\(layer.digest)'") { () throws(LayerError) in
      try recompress(blob, to: sink, expected: ExpectedDigests(digest: layer.digest, diffID: diffID), compression, threads: threads)
    }
    try storing { () throws(ImageStoreError) in
      try adopt(hold, sink.descriptor, digest: description.digest, size: description.size)
    }
    var compressed = layer
    compressed.mediaType = MediaType(rawValue: description.mediaType)
    compressed.digest = description.digest
    compressed.size = description.size
    try storing { () throws(ImageStoreError) in try remember(diffID, compression, compressed) }
    return compressed
  }

  private func remember(_ diffID: Digest, _ compression: LayerCompression, _ form: Descriptor) throws(ImageStoreError) {
    let path = formsPath(diffID)
    do {
      try makeDirectories(path.removingLastComponent())
      // Two pushes at once may lose one of their two entries: it is found out again.
      let bytes = try? readFile(path, limit: 1 << 20)
      var known = bytes.flatMap { try? decodeJSON(CompressedForms.self, from: $0) } ?? CompressedForms(forms: [:])
      known.forms["\(compression)"] = form
      try replaceFile(path, with: try encodeJSON(known), durable: false)
    } catch let error as SystemError {
      throw .system(error, "cannot remember a compressed layer")
    } catch {
      throw .invalidDocument(path.string, "\(error)")
    }
  }
}
