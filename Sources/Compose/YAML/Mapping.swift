/// The entries of a YAML mapping in the order in which they came. Keys are strings and are equal when their bytes are.
package struct Mapping: Sendable {
  package struct Entry: Sendable {
    package let key: String
    package let keyPosition: SourcePosition
    package var value: Node
  }

  package private(set) var entries: [Entry] = []
  private var places: [[UInt8]: Int] = [:]

  package init() {}

  package var isEmpty: Bool { entries.isEmpty }

  package subscript(key: String) -> Node? { place(of: key).map { entries[$0].value } }

  package func entry(_ key: String) -> Entry? { place(of: key).map { entries[$0] } }

  /// Replaces the value of `key` in its place, or appends it.
  package mutating func set(_ key: String, _ value: Node, keyPosition: SourcePosition) {
    if let place = place(of: key) {
      entries[place].value = value
    } else {
      places[Array(key.utf8)] = entries.count
      entries.append(Entry(key: key, keyPosition: keyPosition, value: value))
    }
  }

  package mutating func remove(_ key: String) {
    guard let place = place(of: key) else { return }
    entries.remove(at: place)
    places = [:]
    for (place, entry) in entries.enumerated() { places[Array(entry.key.utf8)] = place }
  }

  private func place(of key: String) -> Int? { places[Array(key.utf8)] }
}
