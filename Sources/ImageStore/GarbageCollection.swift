internal import Linux
package import OCIImageSpec
internal import SystemPackage

/// What a collection removed.
package struct Collected: Sendable {
  package var blobs: [Digest] = []
  package var layers: [Digest] = []
  /// Leftovers of processes that died: half-unpacked layers, stale downloads.
  package var leftovers: [String] = []
  /// Bytes on the disk.
  package var size: Int64 = 0
}

extension ImageStore {
  /// Seconds for which an interrupted download waits to be resumed.
  private static let partialLifetime: Int64 = 7 * 86400

  /// Removes what nothing leads to (``reachable(roots:)``) and the build cache does not keep (``cachedLayers()``), after waiting for everybody who holds the store.
  /// - Parameters:
  ///   - dryRun: only say what would go.
  ///   - only: restricts the collection to these blobs and layers; nil is everything.
  ///   - waiting: with false, a store that is held is left alone and the answer is nil.
  package func collectGarbage(
    roots: [Descriptor] = [], only: Reachable? = nil, dryRun: Bool = false, waiting: Bool = true
  ) throws(ImageStoreError) -> Collected? {
    try create()
    guard let hold = try exclusiveHold(waiting: waiting) else { return nil }
    defer { withExtendedLifetime(hold) {} }
    let reachable = try reachable(roots: roots + cachedLayers())
    var collected = Collected()
    try sweepLayers(reachable, only, dryRun, &collected)
    try sweepBlobs(reachable, only, dryRun, &collected)
    if only == nil { try sweepLeftovers(dryRun, &collected) }
    return collected
  }

  private func sweepBlobs(
    _ reachable: Reachable, _ only: Reachable?, _ dryRun: Bool, _ collected: inout Collected
  ) throws(ImageStoreError) {
    for digest in try storedBlobs() where !reachable.blobs.contains(digest) && only?.blobs.contains(digest) ?? true {
      let path = blobPath(digest)
      collected.size += try attempting("cannot remove blob '\(digest)'") { () throws(SystemError) in
        let size = try fileStatus(path, following: false).size
        if !dryRun { try removeTree(path) }
        return size
      }
      collected.blobs.append(digest)
    }
  }

  private func sweepLayers(
    _ reachable: Reachable, _ only: Reachable?, _ dryRun: Bool, _ collected: inout Collected
  ) throws(ImageStoreError) {
    for chainID in Set(try unpackedChainIDs() + indexedChainIDs()).sorted(by: { $0.encoded < $1.encoded })
    where !reachable.chainIDs.contains(chainID) && only?.chainIDs.contains(chainID) ?? true {
      if !dryRun { try removeLayer(chainID) }
      collected.layers.append(chainID)
    }
  }

  /// Removes an unpacked layer and its index. They lose their place first, so that a removal that is cut short leaves no half layer.
  package func removeLayer(_ chainID: Digest) throws(ImageStoreError) {
    let lock = try layerLock(chainID)
    defer { withExtendedLifetime(lock) {} }
    let layers = layers
    try attempting("cannot remove unpacked layer '\(chainID)'") { () throws(SystemError) in
      let parent = try openFile(layers, [.readOnly, .directory])
      for name in [chainID.encoded, "\(chainID.encoded).erofs"] {
        let aside = FilePath(".\(chainID.encoded).\(UInt32.random(in: .min ... .max)).tmp")
        do throws(SystemError) { try parent.rename(FilePath(name), to: aside) } catch {
          if error.errno == .noSuchFileOrDirectory { continue }
          throw error
        }
        try parent.removeTree(aside)
      }
    }
  }

  /// Everything else that is in the way: the exclusive lock says that nobody is at work in it.
  private func sweepLeftovers(_ dryRun: Bool, _ collected: inout Collected) throws(ImageStoreError) {
    for name in try layerEntries() where name.hasPrefix(".") {
      let isLock = name.hasSuffix(".lock")
      if isLock, try isLayer(lockedBy: name) { continue }
      if !dryRun { try remove(layers.appending(name)) }
      if !isLock { collected.leftovers.append("layers/\(name)") }
    }
    for algorithm in Digest.Algorithm.allCases {
      for name in try names(in: images.appending("blobs/\(algorithm.rawValue)")) where name.hasPrefix(".") {
        if !dryRun { try remove(images.appending("blobs/\(algorithm.rawValue)/\(name)")) }
        collected.leftovers.append("images/blobs/\(algorithm.rawValue)/\(name)")
      }
    }
    try sweepIndexFiles(dryRun, &collected)
    let now = Timestamp.now
    for name in try names(in: partial) {
      guard let status = try? fileStatus(partial.appending(name), following: false) else { continue }
      guard now.seconds - status.modified.seconds > Self.partialLifetime else { continue }
      if !dryRun { try remove(partial.appending(name)) }
      collected.size += status.size
      collected.leftovers.append("images/partial/\(name)")
    }
  }

  /// Whoever names or removes an image does not hold the store, but the index while there is a file of this kind.
  private func sweepIndexFiles(_ dryRun: Bool, _ collected: inout Collected) throws(ImageStoreError) {
    let lock = try indexLock()
    defer { withExtendedLifetime(lock) {} }
    for name in try names(in: images) where name.hasPrefix(".index.json.") {
      if !dryRun { try remove(images.appending(name)) }
      collected.leftovers.append("images/\(name)")
    }
  }

  private func isLayer(lockedBy name: String) throws(ImageStoreError) -> Bool {
    guard let chainID = Digest("sha256:" + name.dropFirst().dropLast(5)) else { return false }
    if try layerRecord(chainID) != nil { return true }
    return try indexedLayer(chainID) != nil
  }

  private func remove(_ path: FilePath) throws(ImageStoreError) {
    try attempting("cannot remove a leftover") { () throws(SystemError) in try removeTree(path) }
  }

  /// Every blob that is there, by the names of the files; what is no digest is left alone.
  package func storedBlobs() throws(ImageStoreError) -> [Digest] {
    var digests: [Digest] = []
    for algorithm in Digest.Algorithm.allCases {
      digests += try names(in: images.appending("blobs/\(algorithm.rawValue)")).compactMap { Digest("\(algorithm.rawValue):\($0)") }
    }
    return digests.sorted { $0.encoded < $1.encoded }
  }

  func names(in directory: FilePath) throws(ImageStoreError) -> [String] {
    do { return try openFile(directory, [.readOnly, .directory]).entries().map { $0.name.string } } catch {
      if error.errno == .noSuchFileOrDirectory { return [] }
      throw .system(error, "cannot read the image store")
    }
  }
}
