internal import JSON

/// The attributes of one object of the model, each taken when it is converted. What is left over has no counterpart, and is told so: no
/// attribute is dropped in silence.
struct ModelAttributes {
  /// Where the object stands, as `services.web.deploy`.
  let path: String
  private var left: JSONObject

  init(_ value: JSONValue?, path: String) {
    self.path = path
    left = value?.objectValue ?? JSONObject()
  }

  mutating func take(_ name: String) -> JSONValue? {
    defer { left[name] = nil }
    return left[name].flatMap { $0.isNull ? nil : $0 }
  }

  mutating func text(_ name: String) -> String? { take(name)?.scalarText }

  mutating func flag(_ name: String) -> Bool { take(name)?.boolValue ?? false }

  mutating func list(_ name: String) -> [JSONValue] { take(name)?.arrayValue ?? [] }

  mutating func texts(_ name: String) -> [String] { list(name).compactMap(\.scalarText) }

  mutating func pairs(_ name: String) -> [(key: String, value: String?)] {
    (take(name)?.objectValue ?? JSONObject()).map { ($0.key, $0.value.scalarText) }
  }

  /// An object within, whose attributes are then taken one by one.
  mutating func attributes(_ name: String) -> ModelAttributes { ModelAttributes(take(name), path: "\(path).\(name)") }

  /// Seconds, at least 1, of a duration.
  mutating func seconds(_ name: String) -> Int? {
    guard let text = text(name), let duration = try? GoDuration(text) else { return nil }
    return max(1, Int((duration.nanoseconds + 999_999_999) / 1_000_000_000))
  }

  /// A warning for each attribute that has not been taken and says something.
  var leftovers: [String] {
    left.compactMap { name, value in
      let isEmpty = value.isNull || value.objectValue?.isEmpty == true || value.arrayValue?.isEmpty == true || value.boolValue == false
      return isEmpty ? nil : "\(path).\(name): has no counterpart in Kubernetes"
    }
  }
}

extension JSONValue {
  /// An object of those members that have a value; nil where none has.
  static func members(_ members: KeyValuePairs<String, JSONValue?>) -> JSONValue? {
    var object = JSONObject()
    for (name, value) in members { if let value { object[name] = value } }
    return object.isEmpty ? nil : .object(object)
  }

  static func texts(_ texts: [String]) -> JSONValue? { texts.isEmpty ? nil : .array(texts.map { .string($0) }) }

  static func list(_ values: [JSONValue]) -> JSONValue? { values.isEmpty ? nil : .array(values) }
}
