/// The members of the object that a decoder stands for, for types that write out their `init(from:)`.
///
/// A keyed container of the standard library is generic over the type's `CodingKeys`, and a process pays for each such instance when it
/// first meets it: some 20 µs, which for a configuration of forty types is more than all of its reading. This has no parameter.
package struct JSONMembers {
  private let container: KeyedJSONDecoding<JSONPathKey>

  /// - Throws: an error where the value is no object, or the decoder is not one of this module.
  package init(of decoder: any Decoder) throws {
    guard let decoder = decoder as? JSONDecoding else {
      throw JSONError(at: JSONPath(decoder.codingPath), "is decoded from JSON only")
    }
    guard case .object(let object) = decoder.value else {
      throw decoder.mismatch(JSONMismatch(expected: "object", found: decoder.value))
    }
    container = KeyedJSONDecoding(decoder: decoder, object: object)
  }

  package func required<T: Decodable>(_ name: String) throws -> T {
    try container.decode(T.self, forKey: JSONPathKey(.key(name)))
  }

  /// `nil` where the member is absent or `null`.
  package func optional<T: Decodable>(_ name: String) throws -> T? {
    try container.decodeIfPresent(T.self, forKey: JSONPathKey(.key(name)))
  }
}

/// What documents mostly consist of, without the detours that any `Decodable` takes.
extension JSONMembers {
  package func required<T: Decodable & JSONPrimitive>(_ name: String) throws -> T {
    try container.decode(T.self, forKey: JSONPathKey(.key(name)))
  }

  package func optional<T: Decodable & JSONPrimitive>(_ name: String) throws -> T? {
    try container.decodeIfPresent(T.self, forKey: JSONPathKey(.key(name)))
  }

  package func required<T: Decodable & RawRepresentable<String>>(_ name: String) throws -> T {
    try make(name, from: required(name))
  }

  package func optional<T: Decodable & RawRepresentable<String>>(_ name: String) throws -> T? {
    guard let text: String = try optional(name) else { return nil }
    return try make(name, from: text)
  }

  private func make<T: RawRepresentable<String>>(_ name: String, from text: String) throws -> T {
    guard let value = T(rawValue: text) else {
      throw container.decoder.mismatch(JSONMismatch("unknown value '\(text)'"), at: .key(name))
    }
    return value
  }
}
