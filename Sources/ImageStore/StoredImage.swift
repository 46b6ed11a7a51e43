internal import ContentHash
package import OCIImageSpec

/// An image of the store, for one platform.
package struct StoredImage: Sendable {
  /// The digest of the configuration: what docker calls the image's ID.
  package var id: Digest { manifest.config.digest }
  /// What `index.json` names: the manifest, or an index that has it for its platform.
  package let target: Descriptor
  package let descriptor: Descriptor
  package let manifest: ImageManifest
  package let configuration: ImageConfiguration
  /// Every name of `target` in the store, in the order of `index.json`; none for docker's `<none>`.
  package let names: [Reference]

  /// For each layer, the base layer first.
  package var chainIDs: [Digest] { configuration.rootfs.chainIDs }

  /// No name leads to it, save perhaps one by digest.
  package var isDangling: Bool { !names.contains { $0.tag != nil } }
}

extension RootFS {
  /// The identity of each layer together with all below it, the base layer first (image-spec config.md#layer-chainid).
  package var chainIDs: [Digest] {
    var chain: [Digest] = []
    for diffID in diffIDs {
      chain.append(chain.last.map { contentDigest(of: Array("\($0) \(diffID)".utf8)) } ?? diffID)
    }
    return chain
  }
}

extension Descriptor {
  /// The name under which `index.json` has this; nil for an image without one, and for a name that is none.
  ///
  /// tote writes the full name to both annotations. Others put only the tag into `ref.name` and the name into containerd's annotation.
  package var imageName: Reference? {
    let candidates = [annotations?[Annotation.refName], annotations?[Annotation.containerdImageName]].compactMap { $0 }
    let full = candidates.first { $0.contains("/") && (try? Reference($0)) != nil } ?? candidates.last
    guard let full, let reference = try? Reference(full) else { return nil }
    return reference.withDefaultTag
  }

  /// This descriptor as the entry of `index.json` for `name`; for an image without a name where that is nil.
  func named(_ name: Reference?) -> Descriptor {
    var entry = self
    entry.data = nil
    var annotations = annotations ?? [:]
    annotations[Annotation.refName] = name?.description
    annotations[Annotation.containerdImageName] = name?.description
    entry.annotations = annotations.isEmpty ? nil : annotations
    return entry
  }

  /// Not an image to run but a statement about one (BuildKit's attestations: an index's entry for no platform).
  var isAttestation: Bool { annotations?[Annotation.dockerReferenceType] != nil }
}
