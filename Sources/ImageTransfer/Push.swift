internal import ContentHash
package import ImageStore
internal import JSON
internal import LayerArchive
internal import LayerStore
package import OCIImageSpec
package import Registry

/// Sends one image of the store to a registry.
package struct Push {
  package let store: ImageStore
  package let reference: Reference
  package let client: RegistryClient
  package var report: (TransferEvent) -> Void = { _ in }

  package init(_ reference: Reference, from store: ImageStore, to client: RegistryClient) {
    self.store = store
    self.reference = reference.withDefaultTag
    self.client = client
  }

  package struct Outcome: Sendable {
    package let digest: Digest
    /// Bytes of the manifest.
    package let size: Int
  }

  /// Blobs first, then the manifest: at no moment does the registry have a name that leads to something missing.
  package func run() throws -> Outcome {
    let hold = try store.hold()
    let image = try store.image(named: reference)
    var manifest = image.manifest
    var changed = false
    for (position, layer) in manifest.layers.enumerated() {
      if layer.mediaType.isNonDistributable { continue }
      let sent = try send(layer, diffID: image.configuration.rootfs.diffIDs[position], hold)
      changed = changed || sent != layer
      manifest.layers[position] = sent
    }
    try send(manifest.config, quiet: true)
    let bytes = changed ? try encodeJSON(manifest) : try store.readBlob(image.descriptor)
    let tag = reference.tag ?? image.descriptor.digest.description
    try client.putManifest(bytes, image.descriptor.mediaType, repository: reference.path, tag, named: reference.familiarDescription)
    if changed { _ = try store.putBlob(hold, bytes) }
    return Outcome(digest: contentDigest(of: bytes), size: bytes.count)
  }

  /// Sends a layer and answers what it is on the wire: layers that were built here are kept as they are used, uncompressed, and
  /// leave as gzip. One that the registry has from before is not compressed again.
  private func send(_ layer: Descriptor, diffID: Digest, _ hold: ContentHold) throws -> Descriptor {
    if layer.mediaType.layerCompression == MediaType.Compression.none, let known = store.compressedForm(diffID, .gzip),
      try client.hasBlob(reference.path, known)
    {
      report(.exists(known))
      return known
    }
    let sent = try store.compress(hold, layer, diffID: diffID)
    try send(sent, quiet: false)
    return sent
  }

  private func send(_ descriptor: Descriptor, quiet: Bool) throws {
    if !quiet { report(.started(descriptor)) }
    if try client.hasBlob(reference.path, descriptor) {
      if !quiet { report(.exists(descriptor)) }
      return
    }
    for source in try repositoriesWith(descriptor.digest) where try client.mountBlob(reference.path, descriptor.digest, from: source) {
      if !quiet { report(.mounted(descriptor, from: source)) }
      return
    }
    let upload = try BlobUpload(store, descriptor) { if !quiet { report(.progress(descriptor, $0)) } }
    try client.uploadBlob(reference.path, descriptor, upload)
    if !quiet { report(.done(descriptor)) }
  }

  /// Other repositories of the same registry whose images in the store have this blob: it may be there already.
  private func repositoriesWith(_ digest: Digest) throws -> [String] {
    var found: [String] = []
    for image in try store.list().images where image.manifest.layers.contains(where: { $0.digest == digest }) {
      for name in image.names where name.domain == reference.domain && name.path != reference.path && !found.contains(name.path) {
        found.append(name.path)
      }
    }
    return Array(found.prefix(2))
  }
}
