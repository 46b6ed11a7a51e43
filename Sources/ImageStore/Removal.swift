package import OCIImageSpec

/// What a removal did, in docker's terms and order.
package enum RemovalStep: Hashable, Sendable {
  case untagged(String)
  /// An image ID, or the chain ID of a layer that no other image has.
  case deleted(Digest)
}

extension ImageStore {
  /// Removes what the user typed: one name of several, or the image with its last name and all that only it needs.
  ///
  /// As docker has it, an ID means the image with all its names, and needs `force` where it has more than one; an image that a
  /// container uses needs `force` too, and is then kept without a name until the container goes.
  package func remove(_ typed: String, force: Bool = false) throws(ImageStoreError) -> [RemovalStep] {
    let resolved: ResolvedImage
    do throws(ImageStoreError) { resolved = try resolve(typed) } catch {
      if let steps = try removeDamaged(typed) { return steps }
      throw error
    }
    let image = resolved.image
    let user = try containerUses().first { $0.imageID == image.id }
    let short = image.id.encoded.prefix(12)
    if resolved.name == nil, image.names.count > 1, !force {
      throw .conflict("unable to delete \(short) (must be forced) - image is referenced in multiple repositories")
    }
    let removed = resolved.name.map { [$0] } ?? image.names
    let isLast = removed.count >= image.names.count
    if isLast, let user, !force {
      let name = user.id.prefix(12)
      if resolved.name != nil {
        throw .conflict(
          "unable to remove repository reference \"\(typed)\" (must force) - container \(name) is using its referenced image \(short)")
      }
      throw .conflict("unable to delete \(short) (must be forced) - image is being used by container \(name)")
    }
    try updateIndex { index in
      index.manifests.removeAll { entry in
        guard entry.digest == image.target.digest else { return false }
        return isLast || entry.imageName.map { removed.contains($0) } ?? false
      }
      if isLast, user != nil { index.manifests.append(image.target.named(nil)) }
    }
    var steps = removed.map { RemovalStep.untagged($0.familiarDescription) }
    if isLast, user == nil { steps += try delete([image]) }
    return steps
  }

  /// Removes the name of what cannot be read as an image; nil where there is no such name.
  private func removeDamaged(_ typed: String) throws(ImageStoreError) -> [RemovalStep]? {
    guard let name = try? Reference(typed).withDefaultTag, try entries().contains(where: { $0.imageName == name }) else { return nil }
    try updateIndex { index in index.manifests.removeAll { $0.imageName == name } }
    return [.untagged(name.familiarDescription)]
  }

  /// Removes the content that only `images`, which the index no longer names, had. Where somebody holds the store, that is left
  /// to the next collection.
  func delete(_ images: [StoredImage]) throws(ImageStoreError) -> [RemovalStep] {
    var own = Reachable()
    for image in images {
      own.blobs.formUnion(try closure(of: image.target))
      own.blobs.formUnion([image.descriptor.digest, image.id] + image.manifest.layers.map(\.digest))
      own.chainIDs.formUnion(image.chainIDs)
    }
    let collected = try collectGarbage(only: own, waiting: false)
    var steps: [RemovalStep] = []
    let kept = collected == nil ? own.chainIDs : try reachable().chainIDs
    for image in images {
      steps.append(.deleted(image.id))
      steps += image.chainIDs.reversed().filter { !kept.contains($0) }.map(RemovalStep.deleted)
    }
    return steps
  }

  /// The blobs below an index that are there; a damaged one counts alone.
  private func closure(of target: Descriptor, depth: Int = 0) throws(ImageStoreError) -> Set<Digest> {
    var digests: Set<Digest> = [target.digest]
    guard depth < 8, try hasBlob(target.digest, size: target.size) else { return digests }
    if target.mediaType.isIndex, let index = try? index(target) {
      for manifest in index.manifests { digests.formUnion(try closure(of: manifest, depth: depth + 1)) }
    } else if target.mediaType.isManifest, let manifest = try? manifest(target) {
      digests.formUnion([manifest.config.digest] + manifest.layers.map(\.digest))
    }
    return digests
  }

  /// Removes the images for which `chosen` holds and that no container uses, with all their names.
  package func prune(
    _ chosen: (StoredImage) -> Bool, roots: [Descriptor] = []
  ) throws(ImageStoreError) -> (steps: [RemovalStep], collected: Collected) {
    let used = Set(try containerUses().compactMap(\.imageID))
    let images = try list().images.filter { !used.contains($0.id) && chosen($0) }
    let targets = Set(images.map(\.target.digest))
    if !targets.isEmpty { try updateIndex { index in index.manifests.removeAll { targets.contains($0.digest) } } }
    let before = try reachable(roots: roots).chainIDs
    let collected = try collectGarbage(roots: roots) ?? Collected()
    var steps: [RemovalStep] = []
    for image in images {
      steps += image.names.map { .untagged($0.familiarDescription) }
      steps.append(.deleted(image.id))
      steps += image.chainIDs.reversed().filter { !before.contains($0) }.map(RemovalStep.deleted)
    }
    return (steps, collected)
  }
}
