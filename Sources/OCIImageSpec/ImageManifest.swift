package import JSON

/// A configuration and layers for one platform, or an artifact (image-spec manifest.md). Docker's schema 2 manifest has the same shape.
package struct ImageManifest: Hashable, Sendable, Codable {
  package var schemaVersion: SchemaVersion
  package var mediaType: MediaType?
  package var artifactType: MediaType?
  package var config: Descriptor
  /// The base layer first.
  package var layers: [Descriptor]
  package var subject: Descriptor?
  package var annotations: [String: String]?
  package var unknown: UnknownProperties

  package init(config: Descriptor, layers: [Descriptor], annotations: [String: String]? = nil) {
    schemaVersion = .two
    mediaType = .imageManifest
    self.config = config
    self.layers = layers
    self.annotations = annotations
    unknown = UnknownProperties()
  }
}
