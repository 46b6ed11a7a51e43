/// Encodes a value as JSON text in UTF-8, without a final newline.
///
/// Members come in the order in which the type encodes them (its properties' order where that is synthesised), those
/// of dictionaries by the bytes of their names: equal values give equal text.
package func encodeJSON(_ value: some Encodable, pretty: Bool = false) throws(JSONError) -> [UInt8] {
  try JSONValue(encoding: value).serialized(pretty: pretty)
}

extension JSONValue {
  package init(encoding value: some Encodable) throws(JSONError) {
    do {
      self = try JSONEncoding.encode(value, in: nil, at: nil)
    } catch {
      throw JSONError(wrapping: error)
    }
  }
}

/// One value while it is being encoded.
final class JSONEncoding: Encoder {
  private enum Contents {
    case none
    case value(JSONValue)
    case array([JSONValue])
    case object(JSONObject)
  }

  private var contents = Contents.none
  /// Encoders handed out for members and elements, whose places in `contents` hold `null` until `finish`.
  private var pending: [(place: JSONPath.Component, encoder: JSONEncoding)] = []
  private let parent: JSONEncoding?
  private let component: JSONPath.Component?

  init(in parent: JSONEncoding?, at component: JSONPath.Component?) {
    self.parent = parent
    self.component = component
  }

  var path: JSONPath {
    var components: [JSONPath.Component] = []
    var node: JSONEncoding? = self
    while let current = node {
      if let component = current.component { components.append(component) }
      node = current.parent
    }
    return JSONPath(components.reversed())
  }

  var codingPath: [any CodingKey] { path.components.map(JSONPathKey.init) }
  var userInfo: [CodingUserInfoKey: Any] { [:] }

  func container<Key: CodingKey>(keyedBy type: Key.Type) -> KeyedEncodingContainer<Key> {
    KeyedEncodingContainer(KeyedJSONEncoding<Key>(encoder: beginObject()))
  }

  func unkeyedContainer() -> any UnkeyedEncodingContainer { UnkeyedJSONEncoding(encoder: beginArray()) }

  func singleValueContainer() -> any SingleValueEncodingContainer { SingleJSONEncoding(encoder: self) }

  func beginObject() -> JSONEncoding {
    if case .none = contents { contents = .object(JSONObject()) }
    return self
  }

  func beginArray() -> JSONEncoding {
    if case .none = contents { contents = .array([]) }
    return self
  }

  var elementCount: Int {
    guard case .array(let values) = contents else { return 0 }
    return values.count
  }

  func set(_ value: JSONValue) { contents = .value(value) }

  func set(_ value: JSONValue, for key: String) {
    guard case .object(var object) = contents else { return }
    contents = .none
    object[key] = value
    contents = .object(object)
  }

  func append(_ value: JSONValue) {
    guard case .array(var values) = contents else { return }
    contents = .none
    values.append(value)
    contents = .array(values)
  }

  /// An encoder for a member or for the next element.
  func makePending(at key: String?) -> JSONEncoding {
    let place: JSONPath.Component
    if let key {
      place = .key(key)
      set(.null, for: key)
    } else {
      place = .index(elementCount)
      append(.null)
    }
    let encoder = JSONEncoding(in: self, at: place)
    pending.append((place, encoder))
    return encoder
  }

  func finish() throws(JSONError) -> JSONValue {
    for (place, encoder) in pending {
      let value = try encoder.finish()
      switch (place, contents) {
      case (.key(let key), _): set(value, for: key)
      case (.index(let index), .array(var values)):
        values[index] = value
        contents = .array(values)
      default: break
      }
    }
    switch contents {
    case .none: throw JSONError(at: path, "nothing was encoded")
    case .value(let value): return value
    case .array(let values): return .array(values)
    case .object(let object): return .object(object)
    }
  }

  static func encode<T: Encodable>(_ value: T, in parent: JSONEncoding?, at component: JSONPath.Component?) throws
    -> JSONValue
  {
    if let direct = encodeDirectly(value) { return direct }
    let encoder = JSONEncoding(in: parent, at: component)
    try value.encode(to: encoder)
    let encoded = try encoder.finish()
    guard value is any KeyedByHash, case .object(var object) = encoded else { return encoded }
    object.sortKeys()
    return .object(object)
  }

  private static func encodeDirectly<T: Encodable>(_ value: T) -> JSONValue? {
    if T.self == JSONValue.self { return value as? JSONValue }
    if T.self == String.self { return (value as? String).map(JSONValue.string) }
    if T.self == [String].self { return (value as? [String]).map { .array($0.map(JSONValue.string)) } }
    return nil
  }

  func encodePrimitive<T: JSONPrimitive>(_ value: T, at component: JSONPath.Component?) throws(JSONError) -> JSONValue {
    do throws(JSONMismatch) {
      return try value.makeJSONValue()
    } catch {
      var path = path
      if let component { path.components.append(component) }
      throw JSONError(at: path, error.message)
    }
  }
}

/// A collection whose order means nothing and differs from run to run.
private protocol KeyedByHash {}
extension Dictionary: KeyedByHash {}
