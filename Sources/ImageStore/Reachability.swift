package import OCIImageSpec

/// What the store's entries, and the containers, need.
package struct Reachable: Sendable {
  /// Blobs of any kind.
  package var blobs: Set<Digest> = []
  /// Unpacked layers.
  package var chainIDs: Set<Digest> = []

  package init() {}
}

extension ImageStore {
  /// All that `index.json`, the containers, this process's view of mounted overlays and `roots` lead to.
  ///
  /// What is missing needs nothing. What is damaged could hide what it needs, so it is an error: nothing is collected then.
  /// - Parameter roots: blobs to keep besides, with what they lead to where they are manifests (the build cache's).
  package func reachable(roots: [Descriptor] = []) throws(ImageStoreError) -> Reachable {
    var reachable = Reachable()
    for entry in try entries() { try mark(entry, &reachable, depth: 0) }
    for root in roots { try mark(root, &reachable, depth: 0) }
    for use in try containerUses() {
      reachable.chainIDs.formUnion(use.chainIDs)
      guard let imageID = use.imageID, try hasBlob(imageID) else { continue }
      reachable.blobs.insert(imageID)
      let bytes = try readBlob(imageID)
      if let configuration = try? parseConfiguration(bytes, imageID) { reachable.chainIDs.formUnion(configuration.rootfs.chainIDs) }
    }
    reachable.chainIDs.formUnion(mountedChainIDs())
    return reachable
  }

  private func mark(_ descriptor: Descriptor, _ reachable: inout Reachable, depth: Int) throws(ImageStoreError) {
    if depth > 8 { throw .invalidDocument("'\(descriptor.digest)'", "indexes are nested too deeply") }
    guard reachable.blobs.insert(descriptor.digest).inserted, try hasBlob(descriptor.digest) else { return }
    if descriptor.mediaType.isIndex {
      let index = try index(descriptor)
      for manifest in index.manifests { try mark(manifest, &reachable, depth: depth + 1) }
    } else if descriptor.mediaType.isManifest {
      let manifest = try manifest(descriptor)
      reachable.blobs.insert(manifest.config.digest)
      reachable.blobs.formUnion(manifest.layers.map(\.digest))
      guard manifest.config.mediaType.isConfig, try hasBlob(manifest.config.digest) else { return }
      reachable.chainIDs.formUnion(try configuration(manifest).rootfs.chainIDs)
    }
  }
}
