/// Decodes a value from JSON text.
///
/// Absent and `null` members are `nil` in optional properties; `null` is an empty list, as Go writes it; other mismatches, unknown cases
/// of an enumeration and missing required members are errors with the path. Members that a type does not know are
/// ignored, or kept where the type has a property `UnknownProperties`.
package func decodeJSON<T: Decodable>(_ type: T.Type, from bytes: [UInt8]) throws(JSONError) -> T {
  try decodeJSON(type, from: JSONValue(parsing: bytes))
}

/// Decodes a value from parsed JSON.
package func decodeJSON<T: Decodable>(_ type: T.Type, from value: JSONValue) throws(JSONError) -> T {
  do {
    return try JSONDecoding(value).decode(type)
  } catch {
    throw JSONError(wrapping: error)
  }
}

/// One value while it is being decoded, and where it lies: its decoder is the one of the value around it.
final class JSONDecoding: Decoder {
  let value: JSONValue
  private let parent: JSONDecoding?
  private let component: JSONPath.Component?

  init(_ value: JSONValue) {
    self.value = value
    parent = nil
    component = nil
  }

  init(_ value: JSONValue, in parent: JSONDecoding, at component: JSONPath.Component) {
    self.value = value
    self.parent = parent
    self.component = component
  }

  var path: JSONPath {
    var components: [JSONPath.Component] = []
    var node: JSONDecoding? = self
    while let current = node {
      if let component = current.component { components.append(component) }
      node = current.parent
    }
    return JSONPath(components.reversed())
  }

  var codingPath: [any CodingKey] { path.components.map(JSONPathKey.init) }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) throws -> KeyedDecodingContainer<Key> {
    guard case .object(let object) = value else { throw mismatch(JSONMismatch(expected: "object", found: value)) }
    return KeyedDecodingContainer(KeyedJSONDecoding(decoder: self, object: object))
  }

  func unkeyedContainer() throws -> any UnkeyedDecodingContainer {
    switch value {
    case .array(let values): return UnkeyedJSONDecoding(decoder: self, values: values)
    case .null: return UnkeyedJSONDecoding(decoder: self, values: [])
    default: throw mismatch(JSONMismatch(expected: "array", found: value))
    }
  }

  func singleValueContainer() throws -> any SingleValueDecodingContainer { SingleJSONDecoding(decoder: self) }

  /// Decodes this value, without the detour through containers for the types of which documents consist.
  func decode<T: Decodable>(_ type: T.Type) throws -> T {
    if T.self == JSONValue.self, let result = value as? T { return result }
    if T.self == String.self, let result = try decodePrimitive(String.self) as? T { return result }
    if T.self == [String].self, let result = try decodeStrings() as? T { return result }
    if T.self == [String: String].self, let result = try decodeStringMap() as? T { return result }
    do {
      return try T(from: self)
    } catch DecodingError.dataCorrupted where T.self is any RawRepresentable.Type {
      throw JSONError(at: path, "unknown value \(JSONMismatch.name(value))")
    }
  }

  func decodePrimitive<T: JSONPrimitive>(_ type: T.Type) throws -> T {
    do throws(JSONMismatch) {
      return try T(jsonValue: value)
    } catch {
      throw mismatch(error)
    }
  }

  private func decodeStrings() throws -> [String] {
    if case .null = value { return [] }
    guard case .array(let values) = value else { throw mismatch(JSONMismatch(expected: "array", found: value)) }
    var strings: [String] = []
    strings.reserveCapacity(values.count)
    for (index, value) in values.enumerated() {
      guard case .string(let string) = value else {
        throw mismatch(JSONMismatch(expected: "string", found: value), at: .index(index))
      }
      strings.append(string)
    }
    return strings
  }

  private func decodeStringMap() throws -> [String: String] {
    guard case .object(let object) = value else { throw mismatch(JSONMismatch(expected: "object", found: value)) }
    var strings: [String: String] = [:]
    strings.reserveCapacity(object.count)
    for (key, value) in object {
      guard case .string(let string) = value else {
        throw mismatch(JSONMismatch(expected: "string", found: value), at: .key(key))
      }
      strings[key] = string
    }
    return strings
  }

  func mismatch(_ mismatch: JSONMismatch, at component: JSONPath.Component? = nil) -> JSONError {
    var path = path
    if let component { path.components.append(component) }
    return JSONError(at: path, mismatch.message)
  }
}

/// A path's component as Codable wants it.
struct JSONPathKey: CodingKey {
  let stringValue: String
  let intValue: Int?

  init(_ component: JSONPath.Component) {
    switch component {
    case .key(let key):
      stringValue = key
      intValue = nil
    case .index(let index):
      stringValue = String(index)
      intValue = index
    }
  }

  init?(stringValue: String) { self.init(.key(stringValue)) }
  init?(intValue: Int) { self.init(.index(intValue)) }
}
