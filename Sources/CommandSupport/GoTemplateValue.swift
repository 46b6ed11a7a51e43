internal import JSON

/// What a template sees in a JSON value.
extension JSONValue {
  var templateString: String? { stringValue }
  var templateArray: [JSONValue]? { arrayValue }
  var templateNumber: Double? { numberValue?.double }

  /// A whole number, also where it is spelt `1.0`.
  var templateInteger: Int? { integerValue ?? templateNumber.flatMap { Int(exactly: $0) } }

  /// An object's members by the bytes of their names, the order in which Go ranges over a map.
  var templateMembers: [(key: String, value: JSONValue)]? {
    guard var object = objectValue else { return nil }
    object.sortKeys()
    return Array(object)
  }

  /// An object's member; where there is none of that very name, one that differs only in case: docker's inspect takes the
  /// fields of its Go types (`.ID`) besides those of its JSON (`.Id`).
  func templateMember(_ name: String) -> JSONValue? {
    guard let object = objectValue else { return nil }
    return object[name] ?? object.first { $0.key.lowercased() == name.lowercased() }?.value
  }

  /// Go's truth: not zero, not empty, not nil.
  var isTrue: Bool {
    switch self {
    case .null: false
    case .bool(let value): value
    case .number(let number): number.double != 0
    case .string(let text): !text.isEmpty
    case .array(let elements): !elements.isEmpty
    case .object(let members): !members.isEmpty
    }
  }

  /// The Go type that messages name.
  var templateType: String {
    switch self {
    case .null: "nil"
    case .bool: "bool"
    case .number: templateInteger == nil ? "float64" : "int"
    case .string: "string"
    case .array: "[]interface {}"
    case .object: "map[string]interface {}"
    }
  }
}
