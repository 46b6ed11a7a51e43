internal import ImageStore
package import OCIImageSpec
internal import Registry

extension Push {
  /// What a push is made of.
  package struct Plan: Sendable {
    package struct Blob: Sendable {
      package let descriptor: Descriptor
      /// Of a layer, where its image says so.
      package let diffID: Digest?
      package let isConfiguration: Bool
    }

    /// Each once.
    package var blobs: [Blob] = []
    /// Manifests and indexes, each after what it refers to.
    package var documents: [Descriptor] = []
    /// The one of them that gets the name.
    package let root: Digest
  }

  /// All that the name leads to. Of an index that the store has but a part of, the image of this machine's platform, as docker does.
  package func plan() throws -> Plan {
    guard let target = try store.target(named: reference) else { throw ImageStoreError.noSuchImage(reference.familiarDescription) }
    if platform == nil {
      var plan = Plan(root: target.digest)
      if try add(target, to: &plan, depth: 0) { return try addingReferrers(to: plan) }
      if !target.mediaType.isIndex { throw ImageStoreError.missingBlob(try missing(target) ?? target.digest) }
      warn("'\(reference.familiarDescription)' is for several platforms, of which the store has but some; the image of one is pushed")
    }
    let image = try store.image(named: reference, platform: platform).descriptor
    var plan = Plan(root: image.digest)
    guard try add(image, to: &plan, depth: 0) else { throw ImageStoreError.missingBlob(try missing(image) ?? image.digest) }
    return try addingReferrers(to: plan)
  }

  /// With the manifests of the store whose subject is in the plan, and those that refer to them in turn.
  private func addingReferrers(to plan: Plan) throws -> Plan {
    guard withReferrers else { return plan }
    var (plan, count) = (plan, 0)
    repeat {
      count = plan.documents.count
      for entry in try store.entries() where entry.mediaType.isManifest || entry.mediaType.isIndex {
        let bytes = try store.readBlob(entry)
        let subject = entry.mediaType.isIndex ? try parseIndex(bytes, entry).subject : try parseManifest(bytes, entry).subject
        guard let subject, plan.documents.contains(where: { $0.digest == subject.digest }) else { continue }
        guard try add(entry, to: &plan, depth: 0) else { throw ImageStoreError.missingBlob(try missing(entry) ?? entry.digest) }
      }
    } while plan.documents.count > count
    return plan
  }

  /// False where something is not in the store. Layers that may not be distributed are not sent, and need not be there.
  private func add(_ descriptor: Descriptor, to plan: inout Plan, depth: Int) throws -> Bool {
    guard depth < 8, try store.hasBlob(descriptor.digest, size: descriptor.size) else { return false }
    if plan.documents.contains(where: { $0.digest == descriptor.digest }) { return true }
    if descriptor.mediaType.isIndex {
      for entry in try store.index(descriptor).manifests where try !add(entry, to: &plan, depth: depth + 1) { return false }
    } else {
      let manifest = try store.manifest(descriptor)
      guard try store.hasBlob(manifest.config.digest, size: manifest.config.size) else { return false }
      let diffIDs = manifest.config.mediaType.isConfig ? try store.configuration(manifest).rootfs.diffIDs.map(Optional.some) : []
      for (position, layer) in manifest.layers.enumerated() where !layer.mediaType.isNonDistributable {
        guard try store.hasBlob(layer.digest, size: layer.size) else { return false }
        plan.add(Plan.Blob(descriptor: layer, diffID: position < diffIDs.count ? diffIDs[position] : nil, isConfiguration: false))
      }
      plan.add(Plan.Blob(descriptor: manifest.config, diffID: nil, isConfiguration: true))
    }
    plan.documents.append(descriptor)
    return true
  }

  private func missing(_ descriptor: Descriptor) throws -> Digest? {
    guard descriptor.mediaType.isManifest, try store.hasBlob(descriptor.digest) else { return nil }
    let manifest = try store.manifest(descriptor)
    return try ([manifest.config] + manifest.layers).first { try !store.hasBlob($0.digest, size: $0.size) }?.digest
  }
}

extension Push.Plan {
  fileprivate mutating func add(_ blob: Blob) {
    if !blobs.contains(where: { $0.descriptor.digest == blob.descriptor.digest }) { blobs.append(blob) }
  }
}
