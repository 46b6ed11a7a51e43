internal import JSON

/// A set of strings that a document holds as an object with empty members: Go's `map[string]struct{}` of `ExposedPorts` and `Volumes`.
package struct KeySet: Hashable, Sendable {
  package var keys: Set<String>

  package init(_ keys: some Sequence<String> = []) { self.keys = Set(keys) }

  /// By their bytes.
  package var sorted: [String] { keys.sorted { $0.utf8.lexicographicallyPrecedes($1.utf8) } }
}

extension KeySet: ExpressibleByArrayLiteral {
  package init(arrayLiteral elements: String...) { self.init(elements) }
}

extension KeySet: Codable {
  package init(from decoder: any Decoder) throws {
    self.init(try Dictionary<String, JSONValue>(from: decoder).keys)
  }

  package func encode(to encoder: any Encoder) throws {
    var container = encoder.singleValueContainer()
    var object = JSONObject()
    for key in sorted { object[key] = [:] }
    try container.encode(JSONValue.object(object))
  }
}
