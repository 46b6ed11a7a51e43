internal import ContentHash
internal import JSON
internal import OCIImageSpec

/// All that a step's result depends on, part by part. Its digest is what the cache knows the result by; the parts are kept beside the
/// result, so that it can be told which one has changed.
struct CacheKey: Hashable, Sendable {
  /// Changes when the same parts come to mean another layer.
  private static let version = 1

  private(set) var parts: JSONObject

  init(_ kind: String) {
    parts = ["version": .integer(Self.version), "kind": .string(kind)]
  }

  /// Takes the parts of a key that came from elsewhere; nil for those of another version.
  init?(_ parts: JSONObject) {
    guard parts["version"] == .integer(Self.version), parts["kind"]?.stringValue != nil else { return nil }
    self.parts = parts
  }

  subscript(name: String) -> JSONValue? {
    get { parts[name] }
    set { parts[name] = newValue }
  }

  var digest: Digest { contentDigest(of: JSONValue.object(parts).serialized()) }
}

extension JSONValue {
  static func strings(_ values: some Sequence<String>) -> JSONValue { .array(values.map { .string($0) }) }
  static func text(_ value: String?) -> JSONValue { value.map { .string($0) } ?? .null }
}
