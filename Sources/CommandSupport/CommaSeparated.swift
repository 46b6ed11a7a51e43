/// The `key=value,…` of docker's `--mount`, `--output` and their like: one line of CSV, in which a field with a comma or a quote stands in
/// quotes. Keys are in lower case; a field without `=` has no value.
package struct CommaSeparated {
  package private(set) var fields: [(key: String, value: String?)] = []

  package init(_ text: String) throws(UsageError) {
    for field in try Self.split(text) {
      let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      fields.append((parts[0].lowercased(), parts.count == 2 ? String(parts[1]) : nil))
    }
  }

  /// The last value given for a key.
  package subscript(_ key: String) -> String? { fields.last { $0.key == key }?.value }

  private static func split(_ text: String) throws(UsageError) -> [String] {
    var fields: [String] = []
    var rest = Substring(text)
    while true {
      var field = ""
      if rest.first == "\"" {
        rest.removeFirst()
        while let end = rest.firstIndex(of: "\"") {
          field += rest[..<end]
          rest = rest[rest.index(after: end)...]
          guard rest.first == "\"" else { break }
          field.append(rest.removeFirst())
        }
        guard rest.isEmpty || rest.first == "," else { throw UsageError("a quote must end its field") }
      } else {
        field = String(rest.prefix { $0 != "," })
        rest = rest.dropFirst(field.count)
        if field.contains("\"") { throw UsageError("a quote must stand around a whole field") }
      }
      fields.append(field)
      guard rest.first == "," else { return fields }
      rest.removeFirst()
    }
  }
}
