package import ImageStore
internal import LayerArchive
internal import LayerStore
internal import Linux
package import OCIImageSpec
package import Registry
internal import SystemPackage

/// Fetches what a name leads to from a registry into the store.
package struct Pull: Sendable {
  package let store: ImageStore
  package let reference: Reference
  /// Where the repository may be had, in the order in which they are asked.
  package let sources: [RemoteRepository]
  /// Which image of an index; nil for all of them.
  package var platform: Platform? = .host
  /// Connections at once.
  package var jobs = 4
  /// What refers to the images comes with them: signatures, SBOMs.
  package var withReferrers = false
  /// Layers are unpacked as they come.
  package var unpacks = false
  package var report: @Sendable (TransferEvent) -> Void = { _ in }
  package var warn: @Sendable (String) -> Void = { _ in }

  package init(_ reference: Reference, into store: ImageStore, from sources: [RemoteRepository]) {
    self.store = store
    self.reference = reference.withDefaultTag
    self.sources = sources
  }

  package struct Plan: Sendable {
    /// The one that has it.
    package let repository: RemoteRepository
    package let named: RemoteManifest
    package let tree: RemoteTree
    /// What refers to the tree's manifests, each with all that is below it.
    package let referrers: [RemoteTree]
  }

  package struct Outcome: Sendable {
    /// Of what the reference names: the index, where there is one.
    package let digest: Digest
    /// Whether the store had the image under this name before.
    package let wasUpToDate: Bool
  }

  /// Asks what there is to fetch.
  package func plan() throws -> Plan {
    let (repository, named) = try unchanged() ?? sources.firstManifest(reference)
    let tree = try repository.tree(below: named, known: stored) { index in
      guard let platform else { return index.manifests }
      return [try image(of: index, for: platform, named: reference.familiarDescription)]
    }
    for manifest in tree.manifests where platform != nil && manifest.config.mediaType.isConfig {
      for layer in manifest.layers where !layer.mediaType.isLayer {
        throw RegistryError(.refused, "\(reference.familiarDescription): '\(layer.mediaType)' is no layer")
      }
    }
    let referrers = withReferrers ? try repository.referrers(to: tree) : []
    return Plan(repository: repository, named: named, tree: tree, referrers: referrers)
  }

  /// What the name leads to, where the registry says that it is still what the store has: registries that count pulls do not count this.
  private func unchanged() throws -> (RemoteRepository, RemoteManifest)? {
    guard let repository = sources.first, let tag = reference.tag, reference.digest == nil, let target = try store.target(named: reference),
      let known = try stored(target),
      (try? repository.client.manifestDigest(repository.path, tag, named: reference.familiarDescription)) == target.digest
    else { return nil }
    return (repository, known)
  }

  /// The document where the store has it already.
  private func stored(_ descriptor: Descriptor) throws -> RemoteManifest? {
    guard try store.hasBlob(descriptor.digest, size: descriptor.size), let bytes = try? store.readBlob(descriptor) else { return nil }
    return RemoteManifest(
      bytes: bytes, descriptor: Descriptor(mediaType: descriptor.mediaType, digest: descriptor.digest, size: descriptor.size))
  }

  /// Every blob is in the store, checked and durable, before the name leads to it.
  package func run() throws -> Outcome {
    let hold = try store.hold()
    let plan = try plan()
    let before = try store.target(named: reference)
    let isThere =
      try before?.digest == plan.named.descriptor.digest && plan.tree.blobs.allSatisfy { try store.hasBlob($0.digest, size: $0.size) }
    try fetch(plan, hold)
    for document in plan.tree.documents + plan.referrers.flatMap(\.documents) { _ = try store.putBlob(hold, document.bytes) }
    try store.record(
      hold, [(plan.named.descriptor, reference)] + plan.referrers.map { (target: $0.root.descriptor, name: Reference?.none) })
    return Outcome(digest: plan.named.descriptor.digest, wasUpToDate: isThere)
  }

  private func fetch(_ plan: Plan, _ hold: ContentHold) throws {
    let arrivals = Arrivals()
    // Configurations come first and unseen: one that does not fit its manifest is found before the layers are fetched.
    let quiet = BlobFetching(store: store, hold: hold, report: { _ in }, arrivals: arrivals)
    let configurations = plan.tree.manifests.map(\.config)
    try quiet.fetch(configurations, from: plan.repository, jobs: jobs)
    for manifest in plan.tree.manifests where manifest.config.mediaType.isConfig { _ = try store.configuration(manifest) }

    let unseen = Set(configurations.map(\.digest))
    let layers = plan.tree.blobs.filter { !unseen.contains($0.digest) } + plan.referrers.flatMap(\.blobs)
    let unpacking = try unpack(plan, hold, arrivals)
    defer { unpacking?.thread.join() }
    try BlobFetching(store: store, hold: hold, report: report, arrivals: arrivals).fetch(layers, from: plan.repository, jobs: jobs)
    guard let unpacking else { return }
    unpacking.thread.join()
    // A download that was begun again under the reader's hands is no fault of the layer's: what is in the store now decides.
    if unpacking.hasFailed.withLock({ $0 }) { _ = try unpacking.again() }
  }

  private struct Unpacking {
    let thread: Thread
    let hasFailed: Monitored<Bool>
    let again: () throws -> [FilePath]
  }

  /// Begins to unpack the layers as they come, the base layer first; nil where there is nothing to unpack.
  private func unpack(_ plan: Plan, _ hold: ContentHold, _ arrivals: Arrivals) throws -> Unpacking? {
    guard unpacks, platform != nil, let manifest = plan.tree.manifests.first, manifest.config.mediaType.isConfig else { return nil }
    let diffIDs = try store.configuration(manifest).rootfs.diffIDs
    let hasFailed = Monitored(false)
    let pull = self
    let unpack: @Sendable ((Descriptor) throws -> (any ByteSource)?) throws -> [FilePath] = { source in
      try pull.store.unpack(hold, manifest.layers, diffIDs: diffIDs, warn: pull.warn, progress: pull.show, source: source)
    }
    let thread = try Thread {
      do {
        _ = try unpack { layer in
          guard case .growing(let file) = try arrivals.await(layer.digest) else { return nil }
          return GrowingLayer(file)
        }
      } catch { hasFailed.withLock { $0 = true } }
    }
    return Unpacking(thread: thread, hasFailed: hasFailed, again: { try unpack { _ in nil } })
  }

  private func show(_ step: UnpackStep) {
    switch step {
    case .present: break
    case .unpacking(_, let layer): report(.unpacking(layer))
    case .unpacked(_, let layer): report(.unpacked(layer))
    }
  }
}
