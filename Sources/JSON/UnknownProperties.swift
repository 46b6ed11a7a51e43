/// The members of an object that its type does not know, kept so that a document can be written again whole.
///
/// A `Codable` type gets this by declaring `package var unknown = UnknownProperties()` as its last property: our decoder puts into it
/// every member that is not one of the type's `CodingKeys`, our encoder writes them after the known ones.
package struct UnknownProperties: Sendable, Hashable, Codable {
  package var members: JSONObject

  package init(_ members: JSONObject = JSONObject()) { self.members = members }

  package init(from decoder: any Decoder) throws {
    throw DecodingError.dataCorrupted(
      .init(codingPath: decoder.codingPath, debugDescription: "unknown properties exist only as a property of an object"))
  }

  package func encode(to encoder: any Encoder) throws {
    throw EncodingError.invalidValue(
      self, .init(codingPath: encoder.codingPath, debugDescription: "unknown properties exist only as a property of an object"))
  }
}
