/// A JSON object being read: members that nobody asked for are errors, not dropped.
struct Members {
  struct Key: CodingKey {
    let stringValue: String
    var intValue: Int? { nil }
    init(stringValue: String) { self.stringValue = stringValue }
    init?(intValue: Int) { nil }
  }

  private let container: KeyedDecodingContainer<Key>

  /// `known` are the members that may be there.
  init(_ decoder: any Decoder, known: [String]) throws {
    container = try decoder.container(keyedBy: Key.self)
    for key in container.allKeys where !known.contains(key.stringValue) {
      let hint = suggest(key.stringValue, among: known).map { " (did you mean '\($0)'?)" } ?? ""
      throw fault("unknown member '\(key.stringValue)'\(hint)")
    }
  }

  func fault(_ message: String, at name: String? = nil) -> DecodingError {
    let path = container.codingPath + (name.map { [Key(stringValue: $0)] } ?? [])
    return .dataCorrupted(.init(codingPath: path, debugDescription: message))
  }

  /// nil where the member is absent or null.
  func optional<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T? {
    try container.decodeIfPresent(T.self, forKey: Key(stringValue: name))
  }

  func required<T: Decodable>(_ name: String, as type: T.Type = T.self) throws -> T {
    guard let value: T = try optional(name) else { throw fault("member '\(name)' is missing") }
    return value
  }

  func list<T: Decodable>(_ name: String, of type: T.Type = T.self) throws -> [T] { try optional(name) ?? [] }
}
