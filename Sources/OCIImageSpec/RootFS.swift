package import JSON

/// The layers of an image by the digests of their uncompressed archives (image-spec config.md#properties, `rootfs`).
package struct RootFS: Hashable, Sendable, Codable {
  /// `layers` is the only one there is; others are refused.
  package enum Kind: String, Sendable, Codable { case layers }

  package var type: Kind
  /// The base layer first.
  package var diffIDs: [Digest]
  package var unknown: UnknownProperties

  private enum CodingKeys: String, CodingKey {
    case type
    case diffIDs = "diff_ids"
    case unknown
  }

  package init(diffIDs: [Digest] = []) {
    type = .layers
    self.diffIDs = diffIDs
    unknown = UnknownProperties()
  }

  /// Docker leaves `diff_ids` out for an image without layers.
  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    type = try container.decode(Kind.self, forKey: .type)
    diffIDs = try container.decodeIfPresent([Digest].self, forKey: .diffIDs) ?? []
    unknown = try container.decode(UnknownProperties.self, forKey: .unknown)
  }
}
