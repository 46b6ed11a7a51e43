package import JSON

/// What an image is made of and how it is to be run (image-spec config.md). The SHA-256 of its text is the image's ID.
package struct ImageConfiguration: Hashable, Sendable, Codable {
  /// RFC 3339 section 5.6.
  package var created: String?
  package var author: String?
  package var architecture: String
  package var os: String
  package var osVersion: String?
  package var osFeatures: [String]?
  package var variant: String?
  package var config: Config?
  package var rootfs: RootFS
  package var history: [History]?
  package var unknown: UnknownProperties

  private enum CodingKeys: String, CodingKey {
    case created, author, architecture, os
    case osVersion = "os.version"
    case osFeatures = "os.features"
    case variant, config, rootfs, history, unknown
  }

  package init(platform: Platform, config: Config? = nil, rootfs: RootFS = RootFS(), history: [History]? = nil) {
    architecture = platform.architecture
    os = platform.os
    osVersion = platform.osVersion
    osFeatures = platform.osFeatures
    variant = platform.variant
    self.config = config
    self.rootfs = rootfs
    self.history = history
    unknown = UnknownProperties()
  }

  package var platform: Platform {
    Platform(os: os, architecture: architecture, variant: variant, osVersion: osVersion, osFeatures: osFeatures)
  }
}
