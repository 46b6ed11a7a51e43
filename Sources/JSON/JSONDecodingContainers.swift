/// The members of an object.
struct KeyedJSONDecoding<Key: CodingKey>: KeyedDecodingContainerProtocol {
  let decoder: JSONDecoding
  let object: JSONObject

  var codingPath: [any CodingKey] { decoder.codingPath }
  var allKeys: [Key] { object.keys.compactMap(Key.init(stringValue:)) }

  func contains(_ key: Key) -> Bool { object[key.stringValue] != nil }

  func decodeNil(forKey key: Key) throws -> Bool {
    guard case .null = object[key.stringValue] else { return false }
    return true
  }

  func decode<T: Decodable & JSONPrimitive>(_ type: T.Type, forKey key: Key) throws -> T {
    let value = try member(key)
    do throws(JSONMismatch) {
      return try T(jsonValue: value)
    } catch {
      throw decoder.mismatch(error, at: component(key))
    }
  }

  func decode<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T {
    if T.self == UnknownProperties.self, let unknown = unknownProperties(besides: key) as? T { return unknown }
    return try child(key, try member(key)).decode(type)
  }

  func decodeIfPresent<T: Decodable & JSONPrimitive>(_ type: T.Type, forKey key: Key) throws -> T? {
    guard let value = object[key.stringValue] else { return nil }
    if case .null = value { return nil }
    do throws(JSONMismatch) {
      return try T(jsonValue: value)
    } catch {
      throw decoder.mismatch(error, at: component(key))
    }
  }

  func decodeIfPresent<T: Decodable>(_ type: T.Type, forKey key: Key) throws -> T? {
    guard let value = object[key.stringValue] else { return nil }
    if case .null = value { return nil }
    return try child(key, value).decode(type)
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) throws
    -> KeyedDecodingContainer<Nested>
  { try child(key, try member(key)).container(keyedBy: type) }

  func nestedUnkeyedContainer(forKey key: Key) throws -> any UnkeyedDecodingContainer {
    try child(key, try member(key)).unkeyedContainer()
  }

  func superDecoder() throws -> any Decoder {
    JSONDecoding(object["super"] ?? .null, in: decoder, at: .key("super"))
  }

  func superDecoder(forKey key: Key) throws -> any Decoder { child(key, object[key.stringValue] ?? .null) }

  private func member(_ key: Key) throws -> JSONValue {
    guard let value = object[key.stringValue] else {
      throw decoder.mismatch(JSONMismatch("missing"), at: component(key))
    }
    return value
  }

  private func child(_ key: Key, _ value: JSONValue) -> JSONDecoding {
    JSONDecoding(value, in: decoder, at: component(key))
  }

  /// Names of lists' places (`CodingKeyRepresentable` keys of a map have an integer) stay names here: this is an object.
  private func component(_ key: Key) -> JSONPath.Component { .key(key.stringValue) }

  private func unknownProperties(besides own: Key) -> UnknownProperties {
    var unknown = UnknownProperties()
    for (name, value) in object where Key(stringValue: name) == nil || name == own.stringValue {
      unknown.members[name] = value
    }
    return unknown
  }
}

/// The elements of an array, one after the other.
struct UnkeyedJSONDecoding: UnkeyedDecodingContainer {
  let decoder: JSONDecoding
  let values: [JSONValue]
  private(set) var currentIndex = 0

  init(decoder: JSONDecoding, values: [JSONValue]) {
    self.decoder = decoder
    self.values = values
  }

  var codingPath: [any CodingKey] { decoder.codingPath }
  var count: Int? { values.count }
  var isAtEnd: Bool { currentIndex == values.count }

  mutating func decodeNil() throws -> Bool {
    guard case .null = try current() else { return false }
    currentIndex += 1
    return true
  }

  mutating func decode<T: Decodable & JSONPrimitive>(_ type: T.Type) throws -> T {
    let value = try current()
    do throws(JSONMismatch) {
      let result = try T(jsonValue: value)
      currentIndex += 1
      return result
    } catch {
      throw decoder.mismatch(error, at: .index(currentIndex))
    }
  }

  mutating func decode<T: Decodable>(_ type: T.Type) throws -> T {
    let result = try child().decode(type)
    currentIndex += 1
    return result
  }

  mutating func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) throws -> KeyedDecodingContainer<Nested> {
    let container = try child().container(keyedBy: type)
    currentIndex += 1
    return container
  }

  mutating func nestedUnkeyedContainer() throws -> any UnkeyedDecodingContainer {
    let container = try child().unkeyedContainer()
    currentIndex += 1
    return container
  }

  mutating func superDecoder() throws -> any Decoder {
    let child = try child()
    currentIndex += 1
    return child
  }

  private func current() throws -> JSONValue {
    guard currentIndex < values.count else { throw decoder.mismatch(JSONMismatch("missing"), at: .index(currentIndex)) }
    return values[currentIndex]
  }

  private func child() throws -> JSONDecoding {
    JSONDecoding(try current(), in: decoder, at: .index(currentIndex))
  }
}

/// A value that is no container.
struct SingleJSONDecoding: SingleValueDecodingContainer {
  let decoder: JSONDecoding

  var codingPath: [any CodingKey] { decoder.codingPath }

  func decodeNil() -> Bool {
    guard case .null = decoder.value else { return false }
    return true
  }

  func decode<T: Decodable & JSONPrimitive>(_ type: T.Type) throws -> T { try decoder.decodePrimitive(type) }
  func decode<T: Decodable>(_ type: T.Type) throws -> T { try decoder.decode(type) }
}
