internal import JSON
package import Linux
package import OCIImageSpec
package import SystemPackage

/// `layers/<chainID hex>/layer.json`: what an unpacked layer is, written last and so the mark that it is whole.
///
/// The directory is derived data: it can be made again from the blob, so nothing waits for the disk when it is unpacked. Instead
/// the record says under which boot it was made. After a crash of the machine (another boot ID) a layer that is not `synced` may
/// have files without their content, and counts as not unpacked.
package struct UnpackedLayer: Hashable, Sendable, Codable {
  package var diffID: Digest
  /// Of this layer and all below it (image-spec config.md#layer-chainid).
  package var chainID: Digest
  /// The blob that it was unpacked from.
  package var digest: Digest
  /// Bytes of the uncompressed tar.
  package var size: Int64
  /// The archive hides everything in the layers below (an opaque whiteout at its root): the list of lower directories ends here,
  /// because overlayfs does not look at the mark on a root.
  package var opaqueRoot: Bool
  /// `/proc/sys/kernel/random/boot_id` when it was unpacked.
  package var bootID: String
  /// Known to be on the disk (syncfs(2) after the unpacking).
  package var synced: Bool
  /// Of the file `index`, where the layer has one instead of being unpacked.
  package var index: Digest?

  package init(
    diffID: Digest, chainID: Digest, digest: Digest, size: Int64, opaqueRoot: Bool, bootID: String, synced: Bool = false
  ) {
    self.diffID = diffID
    self.chainID = chainID
    self.digest = digest
    self.size = size
    self.opaqueRoot = opaqueRoot
    self.bootID = bootID
    self.synced = synced
  }
}

/// The kernel's name for the time since it was started.
package func currentBootID() throws(ImageStoreError) -> String {
  let bytes = try attempting("cannot tell one boot from the next") { () throws(SystemError) in
    try readFile("/proc/sys/kernel/random/boot_id", limit: 64)
  }
  return String(decoding: bytes.prefix { $0 > 0x20 }, as: UTF8.self)
}

extension ImageStore {
  package func layerDirectory(_ chainID: Digest) -> FilePath { layers.appending(chainID.encoded) }

  /// The record of an unpacked layer that can be used as it is; nil where there is none, or where it must be unpacked again
  /// because it may not have survived the machine's last stop.
  package func unpackedLayer(_ chainID: Digest) throws(ImageStoreError) -> UnpackedLayer? {
    guard let record = try layerRecord(chainID) else { return nil }
    if record.synced { return record }
    return record.bootID == (try currentBootID()) ? record : nil
  }

  /// The record, whether or not it can still be trusted.
  func layerRecord(_ chainID: Digest) throws(ImageStoreError) -> UnpackedLayer? {
    try layerRecord(chainID, in: layerDirectory(chainID))
  }

  func layerRecord(_ chainID: Digest, in directory: FilePath) throws(ImageStoreError) -> UnpackedLayer? {
    let path = directory.appending("layer.json")
    let bytes: [UInt8]
    do { bytes = try readFile(path, limit: 64 << 10) } catch {
      if error.errno == .noSuchFileOrDirectory { return nil }
      throw .system(error, "cannot read an unpacked layer")
    }
    // A record that cannot be read is as good as none: the layer is unpacked again.
    guard let record = try? decodeJSON(UnpackedLayer.self, from: bytes), record.chainID == chainID else { return nil }
    return record
  }

  /// Waits for the lock under which one process at a time unpacks or removes the layer.
  package func layerLock(_ chainID: Digest) throws(ImageStoreError) -> FileLock {
    let path = layers.appending(".\(chainID.encoded).lock")
    return try attempting("cannot lock an unpacked layer") { () throws(SystemError) in try FileLock(path, .exclusive) }
  }

  /// A new directory beside the layers to unpack into; its `fs` is made. See ``publish(_:from:)`` and ``discard(_:)``.
  package func makeLayerDirectory(_ chainID: Digest) throws(ImageStoreError) -> FilePath {
    let path = asideDirectory(chainID)
    try attempting("cannot make a directory for a layer") { () throws(SystemError) in try makeDirectories(path.appending("fs")) }
    return path
  }

  func asideDirectory(_ chainID: Digest) -> FilePath { layers.appending(".\(chainID.encoded).\(UInt32.random(in: .min ... .max)).tmp") }

  /// Records the layer that was unpacked into `directory` and puts it in its place, in the stead of what cannot be trusted.
  /// The caller holds ``layerLock(_:)``.
  package func publish(_ layer: UnpackedLayer, from directory: FilePath) throws(ImageStoreError) {
    try publish(layer, from: directory, to: FilePath(layer.chainID.encoded), durable: false)
  }

  /// The same under any name beside the layers.
  func publish(_ layer: UnpackedLayer, from directory: FilePath, to target: FilePath, durable: Bool) throws(ImageStoreError) {
    let bytes: [UInt8]
    do { bytes = try encodeJSON(layer, pretty: false) } catch { throw .invalidDocument("layer.json", error.description) }
    let layers = layers
    try attempting("cannot record an unpacked layer") { () throws(SystemError) in
      try replaceFile(directory.appending("layer.json"), with: bytes, durable: durable)
      let parent = try openFile(layers, [.readOnly, .directory])
      guard let source = directory.lastComponent else { throw SystemError("rename", directory, .invalidArgument) }
      if try parent.contains(target) {
        let old = FilePath(".\(target).\(UInt32.random(in: .min ... .max)).tmp")
        try parent.rename(target, to: old)
        try parent.rename(FilePath(root: nil, [source]), to: target)
        try parent.removeTree(old)
      } else {
        try parent.rename(FilePath(root: nil, [source]), to: target)
      }
    }
  }

  /// Removes a directory that was not published.
  package func discard(_ directory: FilePath) {
    try? removeTree(directory)
  }

  /// Marks every unpacked layer of this boot as being on the disk, after making sure that it is.
  /// - Returns: how many were marked.
  @discardableResult
  package func synchronizeLayers() throws(ImageStoreError) -> Int {
    let bootID = try currentBootID()
    var pending: [UnpackedLayer] = []
    for chainID in try unpackedChainIDs() {
      if let record = try layerRecord(chainID), !record.synced, record.bootID == bootID { pending.append(record) }
    }
    if pending.isEmpty { return 0 }
    let layers = layers
    try attempting("cannot synchronise unpacked layers") { () throws(SystemError) in
      try openFile(layers, [.readOnly, .directory]).synchronizeFileSystem()
    }
    for var record in pending {
      record.synced = true
      let bytes: [UInt8]
      do { bytes = try encodeJSON(record, pretty: false) } catch { throw .invalidDocument("layer.json", error.description) }
      let path = layerDirectory(record.chainID).appending("layer.json")
      try attempting("cannot record an unpacked layer") { () throws(SystemError) in try replaceFile(path, with: bytes) }
    }
    return pending.count
  }

  /// The chain IDs that have a directory.
  func unpackedChainIDs() throws(ImageStoreError) -> [Digest] {
    try layerEntries().compactMap { Digest("sha256:\($0)") }.sorted { $0.encoded < $1.encoded }
  }

  /// Every name in `layers/`.
  func layerEntries() throws(ImageStoreError) -> [String] {
    let path = layers
    do {
      return try openFile(path, [.readOnly, .directory]).entries().map { $0.name.string }
    } catch {
      if error.errno == .noSuchFileOrDirectory { return [] }
      throw .system(error, "cannot list the unpacked layers")
    }
  }
}
