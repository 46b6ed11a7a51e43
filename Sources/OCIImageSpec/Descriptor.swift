package import JSON

/// What a blob is and how to know it (image-spec descriptor.md#properties).
package struct Descriptor: Hashable, Sendable, Codable {
  package var mediaType: MediaType
  package var digest: Digest
  /// Bytes; never negative.
  package var size: Int64
  package var urls: [String]?
  package var annotations: [String: String]?
  /// The content itself, where it is embedded; to be verified against `digest` and `size` like any other content.
  package var data: Base64Bytes?
  /// Only where this refers to a manifest.
  package var platform: Platform?
  package var artifactType: MediaType?
  package var unknown: UnknownProperties

  package init(
    mediaType: MediaType, digest: Digest, size: Int64, annotations: [String: String]? = nil, platform: Platform? = nil
  ) {
    self.mediaType = mediaType
    self.digest = digest
    self.size = size
    self.annotations = annotations
    self.platform = platform
    unknown = UnknownProperties()
  }

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: CodingKeys.self)
    mediaType = try container.decode(MediaType.self, forKey: .mediaType)
    digest = try container.decode(Digest.self, forKey: .digest)
    size = try container.decode(Int64.self, forKey: .size)
    guard size >= 0 else {
      throw DecodingError.dataCorruptedError(forKey: .size, in: container, debugDescription: "\(size) is negative")
    }
    urls = try container.decodeIfPresent([String].self, forKey: .urls)
    annotations = try container.decodeIfPresent([String: String].self, forKey: .annotations)
    data = try container.decodeIfPresent(Base64Bytes.self, forKey: .data)
    platform = try container.decodeIfPresent(Platform.self, forKey: .platform)
    artifactType = try container.decodeIfPresent(MediaType.self, forKey: .artifactType)
    unknown = try container.decode(UnknownProperties.self, forKey: .unknown)
  }
}
