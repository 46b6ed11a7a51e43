/// The members of an object being written.
struct KeyedJSONEncoding<Key: CodingKey>: KeyedEncodingContainerProtocol {
  let encoder: JSONEncoding

  var codingPath: [any CodingKey] { encoder.codingPath }

  func encodeNil(forKey key: Key) throws { encoder.set(.null, for: key.stringValue) }

  func encode<T: Encodable & JSONPrimitive>(_ value: T, forKey key: Key) throws {
    encoder.set(try encoder.encodePrimitive(value, at: .key(key.stringValue)), for: key.stringValue)
  }

  func encode<T: Encodable>(_ value: T, forKey key: Key) throws {
    if let unknown = value as? UnknownProperties {
      for (name, value) in unknown.members { encoder.set(value, for: name) }
      return
    }
    let name = key.stringValue
    encoder.set(try JSONEncoding.encode(value, in: encoder, at: .key(name)), for: name)
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type, forKey key: Key) -> KeyedEncodingContainer<Nested> {
    encoder.makePending(at: key.stringValue).container(keyedBy: type)
  }

  func nestedUnkeyedContainer(forKey key: Key) -> any UnkeyedEncodingContainer {
    encoder.makePending(at: key.stringValue).unkeyedContainer()
  }

  func superEncoder() -> any Encoder { encoder.makePending(at: "super") }
  func superEncoder(forKey key: Key) -> any Encoder { encoder.makePending(at: key.stringValue) }
}

/// The elements of an array being written.
struct UnkeyedJSONEncoding: UnkeyedEncodingContainer {
  let encoder: JSONEncoding

  var codingPath: [any CodingKey] { encoder.codingPath }
  var count: Int { encoder.elementCount }

  func encodeNil() throws { encoder.append(.null) }

  func encode<T: Encodable & JSONPrimitive>(_ value: T) throws {
    encoder.append(try encoder.encodePrimitive(value, at: .index(count)))
  }

  func encode<T: Encodable>(_ value: T) throws {
    encoder.append(try JSONEncoding.encode(value, in: encoder, at: .index(count)))
  }

  func nestedContainer<Nested: CodingKey>(keyedBy type: Nested.Type) -> KeyedEncodingContainer<Nested> {
    encoder.makePending(at: nil).container(keyedBy: type)
  }

  func nestedUnkeyedContainer() -> any UnkeyedEncodingContainer { encoder.makePending(at: nil).unkeyedContainer() }

  func superEncoder() -> any Encoder { encoder.makePending(at: nil) }
}

/// A value that is no container, being written.
struct SingleJSONEncoding: SingleValueEncodingContainer {
  let encoder: JSONEncoding

  var codingPath: [any CodingKey] { encoder.codingPath }

  func encodeNil() throws { encoder.set(.null) }

  func encode<T: Encodable & JSONPrimitive>(_ value: T) throws {
    encoder.set(try encoder.encodePrimitive(value, at: nil))
  }

  func encode<T: Encodable>(_ value: T) throws {
    encoder.set(try JSONEncoding.encode(value, in: encoder, at: nil))
  }
}
