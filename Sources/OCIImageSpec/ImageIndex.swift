package import JSON

/// Manifests for several platforms, or the content of an image layout (image-spec image-index.md). Docker's manifest list has the same shape.
package struct ImageIndex: Hashable, Sendable, Codable {
  package var schemaVersion: SchemaVersion
  package var mediaType: MediaType?
  package var artifactType: MediaType?
  package var manifests: [Descriptor]
  package var subject: Descriptor?
  package var annotations: [String: String]?
  package var unknown: UnknownProperties

  package init(manifests: [Descriptor] = [], annotations: [String: String]? = nil) {
    schemaVersion = .two
    mediaType = .imageIndex
    self.manifests = manifests
    self.annotations = annotations
    unknown = UnknownProperties()
  }

  /// The manifest that suits `platform` best; the first of equally good ones (image-index.md). A manifest that names no platform
  /// suits any, after those that do.
  package func manifest(for platform: Platform) -> Descriptor? {
    var best: (rank: Int, descriptor: Descriptor)?
    for descriptor in manifests {
      let rank: Int
      if let candidate = descriptor.platform {
        guard let suitability = platform.rank(of: candidate) else { continue }
        rank = suitability
      } else {
        rank = .max
      }
      if best.map({ rank < $0.rank }) ?? true { best = (rank, descriptor) }
    }
    return best?.descriptor
  }
}
