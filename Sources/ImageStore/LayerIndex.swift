internal import ContentHash
internal import Linux
package import OCIImageSpec
package import SystemPackage

// layers/<chainID hex>.erofs/: a layer that is mounted instead of being unpacked (``LowerLayer``). `index` is an EROFS file system,
// `archive` another name of the layer's uncompressed blob, so that nothing is stored twice and neither goes before the other;
// `layer.json` is the record.

extension ImageStore {
  package func indexDirectory(_ chainID: Digest) -> FilePath { layers.appending("\(chainID.encoded).erofs") }

  /// The record of a layer that has an index; nil where it has none.
  package func indexedLayer(_ chainID: Digest) throws(ImageStoreError) -> UnpackedLayer? {
    try layerRecord(chainID, in: indexDirectory(chainID))
  }

  /// Lays out an index in a directory of its own beside the layers, to be tried before it is published. See ``discard(_:)``.
  package func makeIndexDirectory(_ chainID: Digest, _ index: [UInt8], of layer: Descriptor) throws(ImageStoreError) -> FilePath {
    let path = asideDirectory(chainID)
    let blob = try openBlob(layer)
    do {
      try makeDirectories(path)
      try blob.link(as: "archive", in: openFile(path, [.readOnly, .directory]))
      try replaceFile(path.appending("index"), with: index)
    } catch {
      discard(path)
      throw .system(error, "cannot write the index of a layer")
    }
    return path
  }

  /// Records the index and puts it in its place. It is small, and safe on the disk at once. The caller holds ``layerLock(_:)``.
  package func publishIndex(_ layer: UnpackedLayer, _ index: [UInt8], from directory: FilePath) throws(ImageStoreError) {
    guard let name = indexDirectory(layer.chainID).lastComponent else { return }
    var layer = layer
    layer.synced = true
    layer.index = contentDigest(of: index)
    try publish(layer, from: directory, to: FilePath(root: nil, [name]), durable: true)
  }

  /// What is wrong with the layer's index, in words; nil where it is as it was written. The archive is looked at where it is no blob's
  /// other name any more.
  func problem(ofIndex chainID: Digest) throws(ImageStoreError) -> String? {
    guard let record = try indexedLayer(chainID), let digest = record.index else {
      return "its index has no record, or one that cannot be read"
    }
    let directory = indexDirectory(chainID)
    var files = [("index", digest)]
    if try !hasBlob(record.digest) { files.append(("archive", record.digest)) }
    for (name, digest) in files {
      let found: Digest?
      do {
        found = try contentDigest(of: openFile(directory.appending(name), [.readOnly, .noFollow, .nonBlocking]), digest.algorithm).digest
      } catch {
        return "its \(name) cannot be read: \(error.errno)"
      }
      if found != digest { return "its \(name) is damaged" }
    }
    return (try? fileStatus(directory.appending("archive"), following: false))?.kind == .regular ? nil : "its archive is missing"
  }

  /// The chain IDs that have an index.
  func indexedChainIDs() throws(ImageStoreError) -> [Digest] {
    try layerEntries().filter { $0.hasSuffix(".erofs") }.compactMap { Digest("sha256:\($0.dropLast(6))") }
      .sorted { $0.encoded < $1.encoded }
  }
}
