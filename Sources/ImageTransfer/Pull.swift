package import ImageStore
package import OCIImageSpec
package import Registry

/// Fetches one image from a registry into the store.
package struct Pull {
  package let store: ImageStore
  package let reference: Reference
  package var platform = Platform.host
  package let client: RegistryClient
  package var report: (TransferEvent) -> Void = { _ in }

  package init(_ reference: Reference, into store: ImageStore, from client: RegistryClient) {
    self.store = store
    self.reference = reference.withDefaultTag
    self.client = client
  }

  package struct Outcome: Sendable {
    /// Of what the reference names: the index, where there is one.
    package let digest: Digest
    /// Of the image's configuration.
    package let imageID: Digest
    /// Whether the store had the image under this name before.
    package let wasUpToDate: Bool
  }

  /// Every blob is in the store, checked and durable, before the name leads to it.
  package func run() throws -> Outcome {
    let hold = try store.hold()
    let named = try client.manifest(reference)
    let remote = try platformManifest(of: named)
    let manifest = try parseManifest(remote.bytes, remote.descriptor)
    guard manifest.config.mediaType.isConfig else {
      throw RegistryError(
        .refused,
        "\(reference.familiarDescription): an artifact of type '\(manifest.artifactType?.rawValue ?? manifest.config.mediaType.rawValue)', not an image"
      )
    }
    let before = (try? store.image(named: reference))?.descriptor.digest
    try fetch(manifest.config, hold, quiet: true)
    // A configuration that does not fit its manifest is found before the layers are fetched.
    _ = try store.configuration(manifest)
    for layer in manifest.layers {
      guard layer.mediaType.isLayer else {
        throw RegistryError(.refused, "\(reference.familiarDescription): '\(layer.mediaType)' is no layer")
      }
      try fetch(layer, hold, quiet: false)
    }
    _ = try store.putBlob(hold, remote.bytes)
    if named.descriptor.digest != remote.descriptor.digest { _ = try store.putBlob(hold, named.bytes) }
    try store.record(hold, remote.descriptor, as: reference)
    return Outcome(
      digest: named.descriptor.digest, imageID: manifest.config.digest, wasUpToDate: before == remote.descriptor.digest)
  }

  private func platformManifest(of named: RemoteManifest) throws -> RemoteManifest {
    guard named.descriptor.mediaType.isIndex else { return named }
    let index = try parseIndex(named.bytes, named.descriptor)
    guard let entry = index.manifest(for: platform) else {
      throw RegistryError(.notFound, "no matching manifest for \(platform) in the manifest list entries: \(reference.familiarDescription)")
    }
    let remote = try client.manifest(reference.path, entry.digest.description, named: reference.familiarDescription)
    guard remote.descriptor.size == entry.size, remote.descriptor.mediaType == entry.mediaType else {
      throw RegistryError(.verification, "\(reference.familiarDescription): the manifest \(entry.digest) is not what the index says of it")
    }
    return remote
  }

  private func fetch(_ descriptor: Descriptor, _ hold: ContentHold, quiet: Bool) throws {
    let name = "\(reference.familiarName): blob \(descriptor.digest)"
    if try store.hasBlob(descriptor.digest, size: descriptor.size) {
      if !quiet { report(.exists(descriptor)) }
      return
    }
    if !quiet { report(.started(descriptor)) }
    let download = try BlobDownload(store, hold, descriptor, named: name) { if !quiet { report(.progress(descriptor, $0)) } }
    try client.download(reference.path, descriptor, into: download, received: { download.size })
    try download.finish(store, hold)
    if !quiet { report(.done(descriptor)) }
  }
}
