internal import Linux
internal import OCIImageSpec
internal import SystemPackage

/// How much an image has, uncompressed.
package struct ImageUsage: Sendable {
  package let image: StoredImage
  /// Bytes of all its layers.
  package let bytes: Int64
  /// Bytes of the layers that other images have as well.
  package let shared: Int64
  /// Containers made from it.
  package let containers: Int

  package var unique: Int64 { bytes - shared }
}

/// What a store takes on the disk.
package struct StoreUsage: Sendable {
  package struct Amount: Hashable, Sendable {
    package var count = 0
    package var bytes: Int64 = 0
    /// How much of that, and how many, `prune` or `gc` would take away.
    package var reclaimable: Int64 = 0
    package var reclaimableCount = 0

    mutating func count(_ size: Int64, needed: Bool) {
      count += 1
      bytes += size
      if needed { return }
      reclaimable += size
      reclaimableCount += 1
    }
  }

  /// In the order of `index.json`.
  package var images: [ImageUsage] = []
  /// The layers of images, each once; those of images that no container has can be reclaimed.
  package var imageLayers = Amount()
  /// What is stored as blobs; those that neither an image nor the build cache needs can be reclaimed.
  package var blobs = Amount()
  /// The build cache's layers; those that no image has can be reclaimed by pruning it.
  package var buildCache = Amount()
  /// The layers that are unpacked, by what their archives held.
  package var unpackedLayers = Amount()
  /// Downloads that wait to be resumed.
  package var partialDownloads = Amount()
}

extension ImageStore {
  /// Measures what the store has. Others may add to it meanwhile, but nothing be collected.
  package func usage() throws(ImageStoreError) -> StoreUsage {
    let hold = try hold()
    defer { withExtendedLifetime(hold) {} }
    let reachable = try reachable()
    let cached = Set(try cachedLayers().map(\.digest))
    var usage = StoreUsage()
    try addImages(&usage)
    for digest in try storedBlobs() {
      let path = blobPath(digest)
      let size = try attempting("cannot look at blob '\(digest)'") { () throws(SystemError) in try fileStatus(path, following: false).size }
      let isNeeded = reachable.blobs.contains(digest)
      usage.blobs.count(size, needed: isNeeded || cached.contains(digest))
      if cached.contains(digest) { usage.buildCache.count(size, needed: isNeeded) }
    }
    for chainID in try unpackedChainIDs() {
      usage.unpackedLayers.count(try layerRecord(chainID)?.size ?? 0, needed: reachable.chainIDs.contains(chainID))
    }
    for name in try names(in: partial) {
      // What is finished meanwhile does not count.
      guard let status = try? fileStatus(partial.appending(name), following: false) else { continue }
      usage.partialDownloads.count(status.size, needed: false)
    }
    return usage
  }

  private func addImages(_ usage: inout StoreUsage) throws(ImageStoreError) {
    let images = try list().images
    let uses = try containerUses()
    var sizes: [Digest: Int64] = [:]
    var users: [Digest: Int] = [:]
    for image in images {
      for (chainID, size) in zip(image.chainIDs, try layerSizes(of: image)) {
        sizes[chainID] = size
        users[chainID, default: 0] += 1
      }
    }
    var active: Set<Digest> = []
    for image in images {
      let containers = uses.count { $0.imageID == image.id }
      if containers > 0 { active.formUnion(image.chainIDs) }
      let bytes = image.chainIDs.reduce(0) { $0 + (sizes[$1] ?? 0) }
      let shared = image.chainIDs.filter { users[$0, default: 0] > 1 }.reduce(0) { $0 + (sizes[$1] ?? 0) }
      usage.images.append(ImageUsage(image: image, bytes: bytes, shared: shared, containers: containers))
    }
    for (chainID, size) in sizes { usage.imageLayers.count(size, needed: active.contains(chainID)) }
  }
}
