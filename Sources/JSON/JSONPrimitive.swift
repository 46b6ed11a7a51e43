/// What is a JSON value of its own: the types that Codable's containers name one by one.
package protocol JSONPrimitive {
  /// - Throws: a message without a place; the caller knows the path.
  init(jsonValue: JSONValue) throws(JSONMismatch)
  func makeJSONValue() throws(JSONMismatch) -> JSONValue
}

package struct JSONMismatch: Error {
  var message: String

  init(_ message: String) { self.message = message }

  init(expected: String, found: JSONValue) {
    let article = "aeiou".contains(expected.prefix(1)) ? "an" : "a"
    message = "expected \(article) \(expected), found \(Self.name(found))"
  }

  static func name(_ value: JSONValue) -> String {
    switch value {
    case .null: "null"
    case .bool(let value): "\(value)"
    case .number(let number): "\(number)"
    case .string(let text): "'\(text)'"
    case .array: "an array"
    case .object: "an object"
    }
  }
}

extension String: JSONPrimitive {
  package init(jsonValue: JSONValue) throws(JSONMismatch) {
    guard case .string(let value) = jsonValue else { throw JSONMismatch(expected: "string", found: jsonValue) }
    self = value
  }

  package func makeJSONValue() -> JSONValue { .string(self) }
}

extension Bool: JSONPrimitive {
  package init(jsonValue: JSONValue) throws(JSONMismatch) {
    guard case .bool(let value) = jsonValue else { throw JSONMismatch(expected: "boolean", found: jsonValue) }
    self = value
  }

  package func makeJSONValue() -> JSONValue { .bool(self) }
}

extension JSONPrimitive where Self: FixedWidthInteger {
  package init(jsonValue: JSONValue) throws(JSONMismatch) {
    guard case .number(let number) = jsonValue else { throw JSONMismatch(expected: "integer", found: jsonValue) }
    guard let value = number.integer(Self.self) else {
      throw JSONMismatch("\(number) is not an integer from \(Self.min) to \(Self.max)")
    }
    self = value
  }

  package func makeJSONValue() -> JSONValue { .integer(self) }
}

extension Int: JSONPrimitive {}
extension Int8: JSONPrimitive {}
extension Int16: JSONPrimitive {}
extension Int32: JSONPrimitive {}
extension Int64: JSONPrimitive {}
extension UInt: JSONPrimitive {}
extension UInt8: JSONPrimitive {}
extension UInt16: JSONPrimitive {}
extension UInt32: JSONPrimitive {}
extension UInt64: JSONPrimitive {}

extension Double: JSONPrimitive {
  package init(jsonValue: JSONValue) throws(JSONMismatch) {
    guard case .number(let number) = jsonValue else { throw JSONMismatch(expected: "number", found: jsonValue) }
    self = number.double
  }

  package func makeJSONValue() throws(JSONMismatch) -> JSONValue {
    guard let number = JSONNumber(self) else { throw JSONMismatch("\(self) has no JSON form") }
    return .number(number)
  }
}

extension Float: JSONPrimitive {
  package init(jsonValue: JSONValue) throws(JSONMismatch) { self = Float(try Double(jsonValue: jsonValue)) }

  package func makeJSONValue() throws(JSONMismatch) -> JSONValue { try Double(self).makeJSONValue() }
}
