package import OCIImageSpec

/// What the store has.
package struct StoreListing: Sendable {
  /// In the order of `index.json`, one for each different target.
  package var images: [StoredImage] = []
  /// Entries that cannot be shown, and why: damaged or missing content.
  package var damaged: [(entry: Descriptor, error: ImageStoreError)] = []
  /// Entries that are no images (artifacts, signatures).
  package var artifacts: [Descriptor] = []
}

extension ImageStore {
  /// All that `index.json` names, each for the platform that suits this machine best and is there.
  package func list() throws(ImageStoreError) -> StoreListing {
    let entries = try entries()
    var listing = StoreListing()
    var seen: Set<Digest> = []
    for entry in entries where seen.insert(entry.digest).inserted {
      let names = self.names(of: entry.digest, in: entries)
      do {
        if let image = try image(entry, names: names, platform: nil, typed: names.first?.description ?? "\(entry.digest)") {
          listing.images.append(image)
        } else {
          listing.artifacts.append(entry)
        }
      } catch {
        listing.damaged.append((entry, error))
      }
    }
    return listing
  }

  /// Every name that leads to `digest`, each once; a name that an earlier entry has taken does not count.
  func names(of digest: Digest, in entries: [Descriptor]) -> [Reference] {
    var taken: Set<Reference> = []
    var names: [Reference] = []
    for entry in entries {
      guard let name = entry.imageName, taken.insert(name).inserted, entry.digest == digest else { continue }
      names.append(name)
    }
    return names
  }

  /// The image of a manifest that need not be in the index.
  package func image(_ manifest: Descriptor) throws(ImageStoreError) -> StoredImage {
    guard let image = try image(manifest, names: [], platform: nil, typed: manifest.digest.description) else {
      throw .invalidDocument("'\(manifest.digest)'", "is not an image (\(manifest.mediaType))")
    }
    return image
  }

  /// The image that an entry of `index.json` leads to; nil where it leads to something else. With no platform asked for, an index
  /// answers with what suits the host best among what is there, and with anything that is there where nothing suits.
  func image(
    _ entry: Descriptor, names: [Reference], platform: Platform?, typed: String
  ) throws(ImageStoreError) -> StoredImage? {
    guard let descriptor = try pick(entry, platform, typed: typed, depth: 0) else { return nil }
    let manifest = try manifest(descriptor)
    guard manifest.config.mediaType.isConfig else { return nil }
    let configuration = try configuration(manifest)
    if let platform, !platform.matches(configuration.platform) {
      throw .noSuchPlatform("\(platform)", image: typed, has: ["\(configuration.platform)"])
    }
    return StoredImage(target: entry, descriptor: descriptor, manifest: manifest, configuration: configuration, names: names)
  }

  private func pick(
    _ descriptor: Descriptor, _ platform: Platform?, typed: String, depth: Int
  ) throws(ImageStoreError) -> Descriptor? {
    if descriptor.mediaType.isManifest { return descriptor }
    guard descriptor.mediaType.isIndex else {
      if descriptor.mediaType == .dockerSchema1Manifest || descriptor.mediaType == .dockerSchema1SignedManifest {
        throw .invalidDocument("'\(descriptor.digest)'", "Docker's manifests of schema 1 are not supported")
      }
      return nil
    }
    if depth == 4 { throw .invalidDocument("'\(descriptor.digest)'", "indexes are nested too deeply") }
    var index = try index(descriptor)
    index.manifests.removeAll(where: \.isAttestation)
    if let platform {
      guard let best = index.manifest(for: platform) else {
        throw .noSuchPlatform("\(platform)", image: typed, has: index.manifests.compactMap { $0.platform?.description })
      }
      return try pick(best, platform, typed: typed, depth: depth + 1)
    }
    let all = index.manifests
    index.manifests = try filter(all)
    if let best = index.manifest(for: .host) ?? index.manifests.first {
      return try pick(best, nil, typed: typed, depth: depth + 1)
    }
    guard let wanted = all.first else { return nil }
    throw .missingBlob(wanted.digest)
  }

  private func filter(_ descriptors: [Descriptor]) throws(ImageStoreError) -> [Descriptor] {
    var present: [Descriptor] = []
    for descriptor in descriptors where try hasBlob(descriptor.digest, size: descriptor.size) { present.append(descriptor) }
    return present
  }
}
