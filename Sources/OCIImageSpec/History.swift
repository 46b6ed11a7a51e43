package import JSON

/// How a layer came to be (image-spec config.md#properties, `history`).
package struct History: Hashable, Sendable, Codable {
  /// RFC 3339 section 5.6.
  package var created: String?
  package var createdBy: String?
  package var author: String?
  package var comment: String?
  /// Set where the step made no layer.
  package var emptyLayer: Bool?
  package var unknown: UnknownProperties

  private enum CodingKeys: String, CodingKey {
    case created
    case createdBy = "created_by"
    case author, comment
    case emptyLayer = "empty_layer"
    case unknown
  }

  package init(
    created: String? = nil, createdBy: String? = nil, author: String? = nil, comment: String? = nil, emptyLayer: Bool? = nil
  ) {
    self.created = created
    self.createdBy = createdBy
    self.author = author
    self.comment = comment
    self.emptyLayer = emptyLayer
    unknown = UnknownProperties()
  }
}
