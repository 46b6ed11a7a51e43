package import ImageStore
package import LayerArchive
internal import Linux
package import OCIImageSpec
package import SystemPackage

/// What unpacking tells as it goes.
package enum UnpackStep: Sendable {
  /// The layer was there already.
  case present(chainID: Digest)
  case unpacking(chainID: Digest, layer: Descriptor)
  case unpacked(chainID: Digest, layer: Descriptor)
}

extension ImageStore {
  /// Unpacks what is not yet unpacked of an image's layers.
  /// - Returns: the directories for overlayfs to stack, the topmost first (``ImageStore/lowerDirectories(_:)``).
  package func unpack(
    _ hold: ContentHold, _ image: StoredImage, warn: @escaping (String) -> Void = { _ in }, progress: (UnpackStep) -> Void = { _ in }
  ) throws(LayerStoreError) -> [FilePath] {
    try unpack(hold, image.manifest.layers, diffIDs: image.configuration.rootfs.diffIDs, warn: warn, progress: progress)
  }

  /// The same for layers that are no image yet, the base layer first; there are as many `diffIDs` as layers.
  ///
  /// One process unpacks a layer, others that want it wait. Nothing waits for the disk: what a crash of the machine may have
  /// harmed is unpacked again (``UnpackedLayer``).
  /// - Parameter source: a layer's bytes where they are not in the store yet; nil where they are.
  package func unpack(
    _ hold: ContentHold, _ layers: [Descriptor], diffIDs: [Digest], warn: @escaping (String) -> Void = { _ in },
    progress: (UnpackStep) -> Void = { _ in }, source: (Descriptor) throws -> (any ByteSource)? = { _ in nil }
  ) throws(LayerStoreError) -> [FilePath] {
    defer { withExtendedLifetime(hold) {} }
    var lowers: [FilePath] = []
    for (layer, (diffID, chainID)) in zip(layers, zip(diffIDs, RootFS(diffIDs: diffIDs).chainIDs)) {
      let record = try unpack(layer, diffID, chainID, lowers, warn, progress, source)
      if record.opaqueRoot { lowers = [] }
      lowers.insert(layerDirectory(chainID).appending("fs"), at: 0)
    }
    return lowers
  }

  private func unpack(
    _ layer: Descriptor, _ diffID: Digest, _ chainID: Digest, _ lowers: [FilePath], _ warn: @escaping (String) -> Void,
    _ progress: (UnpackStep) -> Void, _ source: (Descriptor) throws -> (any ByteSource)?
  ) throws(LayerStoreError) -> UnpackedLayer {
    if let record = try storing({ () throws(ImageStoreError) in try unpackedLayer(chainID) }) {
      progress(.present(chainID: chainID))
      return record
    }
    let lock = try storing { () throws(ImageStoreError) in try layerLock(chainID) }
    defer { withExtendedLifetime(lock) {} }
    // Somebody else may have done it while we waited.
    if let record = try storing({ () throws(ImageStoreError) in try unpackedLayer(chainID) }) {
      progress(.present(chainID: chainID))
      return record
    }
    progress(.unpacking(chainID: chainID, layer: layer))
    let directory = try storing { () throws(ImageStoreError) in try makeLayerDirectory(chainID) }
    do throws(LayerStoreError) {
      let record = try apply(layer, diffID, chainID, lowers, to: directory, warn, source)
      try storing { () throws(ImageStoreError) in try publish(record, from: directory) }
      progress(.unpacked(chainID: chainID, layer: layer))
      return record
    } catch {
      discard(directory)
      throw error
    }
  }

  private func apply(
    _ layer: Descriptor, _ diffID: Digest, _ chainID: Digest, _ lowers: [FilePath], to directory: FilePath,
    _ warn: @escaping (String) -> Void, _ source: (Descriptor) throws -> (any ByteSource)?
  ) throws(LayerStoreError) -> UnpackedLayer {
    let incoming: (any ByteSource)?
    do { incoming = try source(layer) } catch { throw .archive("layer '\(layer.digest)': \(error)") }
    let bytes: any ByteSource
    if let incoming { bytes = incoming } else { bytes = try storing { () throws(ImageStoreError) in try self.source(layer) } }
    let options = ApplyOptions(
      .overlay(lowers: lowers), expected: ExpectedDigests(digest: layer.digest, diffID: diffID),
      warn: { path, reason in warn("'\(path)': \(reason)") })
    let applied = try layering("layer '\(layer.digest)'") { () throws(LayerError) in
      try applyLayer(bytes, to: directory.appending("fs"), options)
    }
    return try storing { () throws(ImageStoreError) in
      UnpackedLayer(
        diffID: diffID, chainID: chainID, digest: layer.digest, size: applied.layer.uncompressedSize, opaqueRoot: applied.isRootOpaque,
        bootID: try currentBootID())
    }
  }
}
