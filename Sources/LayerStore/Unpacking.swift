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
  /// Makes an image's layers ready to be mounted: unpacks what is not yet unpacked.
  /// - Parameter indexing: an uncompressed layer may get an index instead, where the kernel mounts one.
  /// - Returns: the directories for overlayfs to stack, the topmost first (``ImageStore/lowerDirectories(_:indexes:)``).
  package func unpack(
    _ hold: ContentHold, _ image: StoredImage, indexing: Bool = false, warn: @escaping (String) -> Void = { _ in },
    progress: (UnpackStep) -> Void = { _ in }
  ) throws(LayerStoreError) -> [FilePath] {
    try unpack(
      hold, image.manifest.layers, diffIDs: image.configuration.rootfs.diffIDs, indexing: indexing, warn: warn, progress: progress)
  }

  /// The same for layers that are no image yet, the base layer first; there are as many `diffIDs` as layers.
  ///
  /// One process unpacks a layer, others that want it wait. Nothing waits for the disk: what a crash of the machine may have
  /// harmed is unpacked again (``UnpackedLayer``).
  /// - Parameter source: a layer's bytes where they are not in the store yet; nil where they are.
  package func unpack(
    _ hold: ContentHold, _ layers: [Descriptor], diffIDs: [Digest], indexing: Bool = false,
    warn: @escaping (String) -> Void = { _ in }, progress: (UnpackStep) -> Void = { _ in },
    source: (Descriptor) throws -> (any ByteSource)? = { _ in nil }
  ) throws(LayerStoreError) -> [FilePath] {
    defer { withExtendedLifetime(hold) {} }
    var lowers: [FilePath] = []
    for (layer, (diffID, chainID)) in zip(layers, zip(diffIDs, RootFS(diffIDs: diffIDs).chainIDs)) {
      let wanted = WantedLayer(descriptor: layer, diffID: diffID, chainID: chainID, lowers: lowers, warn: warn)
      let (record, directory) = try unpack(wanted, indexing, progress, source)
      if record.opaqueRoot { lowers = [] }
      lowers.insert(directory, at: 0)
    }
    return lowers
  }

  private func unpack(
    _ layer: WantedLayer, _ indexing: Bool, _ progress: (UnpackStep) -> Void, _ source: (Descriptor) throws -> (any ByteSource)?
  ) throws(LayerStoreError) -> ReadyLayer {
    if let ready = try present(layer, indexing, progress) { return ready }
    let lock = try storing { () throws(ImageStoreError) in try layerLock(layer.chainID) }
    defer { withExtendedLifetime(lock) {} }
    // Somebody else may have done it while we waited.
    if let ready = try present(layer, indexing, progress) { return ready }
    progress(.unpacking(chainID: layer.chainID, layer: layer.descriptor))
    if indexing, layer.descriptor.mediaType.layerCompression == MediaType.Compression.none, let ready = try index(layer) {
      progress(.unpacked(chainID: layer.chainID, layer: layer.descriptor))
      return ready
    }
    let directory = try storing { () throws(ImageStoreError) in try makeLayerDirectory(layer.chainID) }
    do throws(LayerStoreError) {
      let record = try apply(layer, to: directory, source)
      try storing { () throws(ImageStoreError) in try publish(record, from: directory) }
      progress(.unpacked(chainID: layer.chainID, layer: layer.descriptor))
      return (record, layerDirectory(layer.chainID).appending("fs"))
    } catch {
      discard(directory)
      throw error
    }
  }

  private func present(
    _ layer: WantedLayer, _ indexing: Bool, _ progress: (UnpackStep) -> Void
  ) throws(LayerStoreError) -> ReadyLayer? {
    let ready = try storing { () throws(ImageStoreError) -> ReadyLayer? in
      if let record = try unpackedLayer(layer.chainID) { return (record, layerDirectory(layer.chainID).appending("fs")) }
      return indexing ? try indexedLayer(layer.chainID).map { ($0, indexDirectory(layer.chainID)) } : nil
    }
    if ready != nil { progress(.present(chainID: layer.chainID)) }
    return ready
  }

  private func apply(
    _ layer: WantedLayer, to directory: FilePath, _ source: (Descriptor) throws -> (any ByteSource)?
  ) throws(LayerStoreError) -> UnpackedLayer {
    let descriptor = layer.descriptor
    let incoming: (any ByteSource)?
    do { incoming = try source(descriptor) } catch { throw .archive("layer '\(descriptor.digest)': \(error)") }
    let bytes: any ByteSource
    if let incoming { bytes = incoming } else { bytes = try storing { () throws(ImageStoreError) in try self.source(descriptor) } }
    let warn = layer.warn
    let options = ApplyOptions(
      .overlay(lowers: layer.lowers), expected: layer.expected, warn: { path, reason in warn("'\(path)': \(reason)") })
    let applied = try layering("layer '\(descriptor.digest)'") { () throws(LayerError) in
      try applyLayer(bytes, to: directory.appending("fs"), options)
    }
    return try layer.record(size: applied.layer.uncompressedSize, opaqueRoot: applied.isRootOpaque)
  }

  /// Makes an index and tries it; nil where the layer is none for an index, or this kernel or file system does not mount it: it is
  /// unpacked then.
  private func index(_ layer: WantedLayer) throws(LayerStoreError) -> ReadyLayer? {
    let blob = try storing { () throws(ImageStoreError) in try source(layer.descriptor) }
    let indexed = try layering("layer '\(layer.descriptor.digest)'") { () throws(LayerError) in
      try indexLayer(blob, over: layer.lowers, expected: layer.expected)
    }
    guard let index = indexed.index else { return nil }
    let directory: FilePath
    do throws(ImageStoreError) { directory = try makeIndexDirectory(layer.chainID, index, of: layer.descriptor) } catch {
      // Another file system below layers/, or one without links: the blob has no second name there.
      if case .system(let system, _) = error, [.improperLink, .notSupported, .notPermitted].contains(system.errno) { return nil }
      throw .store(error)
    }
    guard canStack(directory) else {
      discard(directory)
      return nil
    }
    do throws(LayerStoreError) {
      let record = try layer.record(size: indexed.layer.uncompressedSize, opaqueRoot: indexed.isRootOpaque)
      try storing { () throws(ImageStoreError) in try publishIndex(record, index, from: directory) }
      return (record, indexDirectory(layer.chainID))
    } catch {
      discard(directory)
      throw error
    }
  }

  /// Whether overlayfs takes the index as a lower directory: EROFS from a file (Linux 6.12), a mount without a place (6.15).
  private func canStack(_ directory: FilePath) -> Bool {
    do throws(SystemError) {
      let lower = try LowerLayer(directory, isIndex: true)
      let context = try FileSystemContext.overlay()
      // Two lower directories make an overlay without an upper one.
      try context.set("lowerdir+", lower.root)
      try context.set("lowerdir+", path: layers)
      _ = try context.mount()
      return true
    } catch { return false }
  }
}

/// A layer as it can be mounted: its record and its lower directory.
private typealias ReadyLayer = (record: UnpackedLayer, directory: FilePath)

/// A layer to be made ready.
private struct WantedLayer {
  let descriptor: Descriptor
  let diffID: Digest
  let chainID: Digest
  /// The layers below, topmost first.
  let lowers: [FilePath]
  let warn: (String) -> Void

  var expected: ExpectedDigests { ExpectedDigests(digest: descriptor.digest, diffID: diffID) }

  func record(size: Int64, opaqueRoot: Bool) throws(LayerStoreError) -> UnpackedLayer {
    try storing { () throws(ImageStoreError) in
      UnpackedLayer(
        diffID: diffID, chainID: chainID, digest: descriptor.digest, size: size, opaqueRoot: opaqueRoot, bootID: try currentBootID())
    }
  }
}
