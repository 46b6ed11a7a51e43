/// The kind of a blob (image-spec media-types.md), and those of Docker's image manifest version 2, schema 2, that mean the same.
/// Any other type is a value as well: what cannot be handled is decided where it is met.
package struct MediaType: RawRepresentable, Hashable, Sendable, Codable, CustomStringConvertible {
  package let rawValue: String

  package init(rawValue: String) { self.rawValue = rawValue }

  private init(_ rawValue: String) { self.rawValue = rawValue }

  package var description: String { rawValue }
}

extension MediaType {
  package static let descriptor = MediaType("application/vnd.oci.descriptor.v1+json")
  package static let layoutHeader = MediaType("application/vnd.oci.layout.header.v1+json")
  package static let imageIndex = MediaType("application/vnd.oci.image.index.v1+json")
  package static let imageManifest = MediaType("application/vnd.oci.image.manifest.v1+json")
  package static let imageConfig = MediaType("application/vnd.oci.image.config.v1+json")
  /// The blob `{}` that stands where an artifact has no configuration (manifest.md#guidance-for-an-empty-descriptor).
  package static let emptyJSON = MediaType("application/vnd.oci.empty.v1+json")

  package static let layer = MediaType("application/vnd.oci.image.layer.v1.tar")
  package static let layerGzip = MediaType("application/vnd.oci.image.layer.v1.tar+gzip")
  package static let layerZstd = MediaType("application/vnd.oci.image.layer.v1.tar+zstd")
  package static let nonDistributableLayer = MediaType("application/vnd.oci.image.layer.nondistributable.v1.tar")
  package static let nonDistributableLayerGzip = MediaType("application/vnd.oci.image.layer.nondistributable.v1.tar+gzip")
  package static let nonDistributableLayerZstd = MediaType("application/vnd.oci.image.layer.nondistributable.v1.tar+zstd")

  package static let dockerManifestList = MediaType("application/vnd.docker.distribution.manifest.list.v2+json")
  package static let dockerManifest = MediaType("application/vnd.docker.distribution.manifest.v2+json")
  package static let dockerConfig = MediaType("application/vnd.docker.container.image.v1+json")
  package static let dockerLayer = MediaType("application/vnd.docker.image.rootfs.diff.tar")
  package static let dockerLayerGzip = MediaType("application/vnd.docker.image.rootfs.diff.tar.gzip")
  package static let dockerLayerZstd = MediaType("application/vnd.docker.image.rootfs.diff.tar.zstd")
  package static let dockerForeignLayer = MediaType("application/vnd.docker.image.rootfs.foreign.diff.tar")
  package static let dockerForeignLayerGzip = MediaType("application/vnd.docker.image.rootfs.foreign.diff.tar.gzip")

  /// Schema 1, which is not supported; named so that messages can say so.
  package static let dockerSchema1Manifest = MediaType("application/vnd.docker.distribution.manifest.v1+json")
  package static let dockerSchema1SignedManifest = MediaType("application/vnd.docker.distribution.manifest.v1+prettyjws")
}

extension MediaType {
  /// How a layer's tar archive is compressed.
  package enum Compression: Hashable, Sendable, CaseIterable { case none, gzip, zstd }

  package var isIndex: Bool { self == .imageIndex || self == .dockerManifestList }
  package var isManifest: Bool { self == .imageManifest || self == .dockerManifest }
  package var isConfig: Bool { self == .imageConfig || self == .dockerConfig }
  package var isLayer: Bool { layerCompression != nil }

  /// The compression of a layer's type; `nil` for what is no layer's.
  package var layerCompression: Compression? { Self.layers[self]?.compression }

  /// A layer that may be withheld from a registry, to be had from its `urls` (layer.md#non-distributable-layers).
  package var isNonDistributable: Bool { Self.layers[self]?.distributable == false }

  package static func layer(_ compression: Compression) -> MediaType {
    switch compression {
    case .none: .layer
    case .gzip: .layerGzip
    case .zstd: .layerZstd
    }
  }

  /// The OCI type that means what a Docker type means; itself for all others.
  package var ociEquivalent: MediaType {
    switch self {
    case .dockerManifestList: return .imageIndex
    case .dockerManifest: return .imageManifest
    case .dockerConfig: return .imageConfig
    case .dockerForeignLayer: return .nonDistributableLayer
    case .dockerForeignLayerGzip: return .nonDistributableLayerGzip
    default:
      guard let layer = Self.layers[self], layer.distributable else { return self }
      return .layer(layer.compression)
    }
  }

  private static let layers: [MediaType: (compression: Compression, distributable: Bool)] = [
    .layer: (.none, true), .layerGzip: (.gzip, true), .layerZstd: (.zstd, true),
    .nonDistributableLayer: (.none, false), .nonDistributableLayerGzip: (.gzip, false),
    .nonDistributableLayerZstd: (.zstd, false),
    .dockerLayer: (.none, true), .dockerLayerGzip: (.gzip, true), .dockerLayerZstd: (.zstd, true),
    .dockerForeignLayer: (.none, false), .dockerForeignLayerGzip: (.gzip, false),
  ]
}
