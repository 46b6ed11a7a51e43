internal import ContentHash
package import ImageStore
internal import JSON
package import LayerArchive
internal import LayerStore
internal import Linux
package import OCIImageSpec
package import Registry

/// Sends what a name of the store leads to to a registry.
package struct Push: Sendable {
  package let store: ImageStore
  package let reference: Reference
  package let repository: RemoteRepository
  /// Of an index that one image alone; nil for all that it has.
  package var platform: Platform?
  /// What the store has that refers to the images goes with them: signatures, SBOMs.
  package var withReferrers = false
  /// What layers become that lie in the store uncompressed; `none` sends them as they are.
  package var compression = LayerCompression.gzip
  /// Connections at once.
  package var jobs = 4
  package var report: @Sendable (TransferEvent) -> Void = { _ in }
  package var warn: @Sendable (String) -> Void = { _ in }
  /// One layer at a time is compressed, on every processor: more would only take memory.
  private let compressing = Monitored(())

  package init(_ reference: Reference, from store: ImageStore, to repository: RemoteRepository) {
    self.store = store
    self.reference = reference.withDefaultTag
    self.repository = repository
  }

  package struct Outcome: Sendable {
    package let digest: Digest
    /// Bytes of the manifest.
    package let size: Int
  }

  /// Blobs first, then what refers to them: at no moment does the registry have a name that leads to something missing.
  package func run() throws -> Outcome {
    let hold = try store.hold()
    let plan = try plan()
    let sent = Monitored<[Digest: Descriptor]>([:])
    let others = try repositories(with: Set(plan.blobs.map(\.descriptor.digest)))
    report(.planned(plan.blobs.filter { !$0.isConfiguration }.map(\.descriptor)))
    try inParallel(plan.blobs, jobs: jobs, worker: { try repository.sibling() }) { blob, repository, stop in
      let result = try send(blob, to: repository, from: others[blob.descriptor.digest] ?? [], hold, stop)
      sent.withLock { $0[blob.descriptor.digest] = result }
    }
    let blobs = sent.withLock { $0 }
    var documents: [Digest: Descriptor] = [:]
    for document in plan.documents {
      documents[document.digest] = try put(document, blobs, documents, isRoot: document.digest == plan.root, hold)
    }
    guard let root = documents[plan.root] else { throw ImageStoreError.noSuchImage("\(reference)") }
    return Outcome(digest: root.digest, size: Int(root.size))
  }

  /// Sends a blob and answers what it is on the wire: layers that were built here are kept as they are used, uncompressed, and
  /// leave compressed. One that the registry has from before is not compressed again.
  private func send(
    _ blob: Plan.Blob, to repository: RemoteRepository, from others: [String], _ hold: ContentHold,
    _ stop: @escaping @Sendable () throws -> Void
  ) throws -> Descriptor {
    var wire = blob.descriptor
    if compression != .none, let diffID = blob.diffID, wire.mediaType.layerCompression == MediaType.Compression.none {
      if let known = store.compressedForm(diffID, compression), try repository.client.hasBlob(repository.path, known) {
        report(.exists(blob.descriptor))
        return known
      }
      let layer = wire
      wire = try compressing.withLock { _ in
        Result { () throws(LayerStoreError) in try store.compress(hold, layer, diffID: diffID, compression) }
      }.get()
    }
    if try repository.client.hasBlob(repository.path, wire) {
      if !blob.isConfiguration { report(.exists(blob.descriptor)) }
      return wire
    }
    let upload = try BlobUpload(store, wire) { bytes in
      if !blob.isConfiguration { report(.progress(blob.descriptor, bytes)) }
      try stop()
    }
    let outcome = try repository.client.upload(repository.path, wire, upload, from: others)
    guard !blob.isConfiguration else { return wire }
    if case .mounted(let source) = outcome { report(.mounted(blob.descriptor, from: source)) } else { report(.done(blob.descriptor)) }
    return wire
  }

  /// Puts a manifest or index, with the descriptors of what was sent instead of what the store has, and answers what it is then.
  /// Where nothing has changed the bytes are those of the store.
  private func put(
    _ document: Descriptor, _ blobs: [Digest: Descriptor], _ documents: [Digest: Descriptor], isRoot: Bool, _ hold: ContentHold
  ) throws -> Descriptor {
    var bytes = try store.readBlob(document)
    if document.mediaType.isIndex {
      var index = try parseIndex(bytes, document)
      let before = index.manifests
      for (position, entry) in before.enumerated() {
        guard let new = documents[entry.digest], new.digest != entry.digest else { continue }
        index.manifests[position].digest = new.digest
        index.manifests[position].size = new.size
      }
      if index.manifests != before { bytes = try encodeJSON(index) }
    } else {
      var manifest = try parseManifest(bytes, document)
      let before = manifest.layers
      manifest.layers = before.map { layer in blobs[layer.digest] ?? layer }
      if manifest.layers.map(\.digest) != before.map(\.digest) { bytes = try encodeJSON(manifest) } else { manifest.layers = before }
    }
    var put = document
    put.digest = contentDigest(of: bytes, document.digest.algorithm)
    put.size = Int64(bytes.count)
    if put.digest != document.digest { _ = try store.putBlob(hold, bytes) }
    try repository.put(bytes, put.mediaType, tag: isRoot ? reference.tag : nil)
    return put
  }

  /// Other repositories of the same registry whose images in the store have these blobs: they may be there already.
  private func repositories(with digests: Set<Digest>) throws -> [Digest: [String]] {
    var found: [Digest: [String]] = [:]
    for image in try store.list().images {
      let names = image.names.filter { $0.domain == reference.domain && $0.path != reference.path }
      for layer in image.manifest.layers where digests.contains(layer.digest) {
        for name in names where !(found[layer.digest] ?? []).contains(name.path) { found[layer.digest, default: []].append(name.path) }
      }
    }
    return found.mapValues { Array($0.prefix(2)) }
  }
}
