/// The members of a JSON object in the order in which they came, with fast lookup.
///
/// Names are equal when their bytes are, not when Unicode calls them equivalent. Two objects are equal when they have the same members in
/// whatever order.
package struct JSONObject: Sendable {
  /// Above this many members an index is kept; below it a linear search is faster.
  private static let linearLimit = 16

  private var members: [Member] = []
  private var positions: [Name: Int]?

  package init() {}

  package subscript(key: String) -> JSONValue? {
    get {
      guard let position = position(of: key) else { return nil }
      return members[position].value
    }
    set {
      guard let newValue else {
        removeValue(forKey: key)
        return
      }
      if let position = position(of: key) {
        members[position].value = newValue
      } else {
        append(key, newValue)
      }
    }
  }

  package var keys: [String] { members.map(\.key) }

  @discardableResult
  package mutating func removeValue(forKey key: String) -> JSONValue? {
    guard let position = position(of: key) else { return nil }
    let value = members.remove(at: position).value
    positions = nil
    buildIndex()
    return value
  }

  /// Orders the members by the bytes of their names.
  package mutating func sortKeys() {
    members.sort { $0.key.utf8.lexicographicallyPrecedes($1.key.utf8) }
    positions = nil
    buildIndex()
  }

  package mutating func reserveCapacity(_ count: Int) { members.reserveCapacity(count) }

  private mutating func append(_ key: String, _ value: JSONValue) {
    members.append(Member(key: key, value: value))
    if positions != nil {
      positions?[Name(key)] = members.count - 1
    } else {
      buildIndex()
    }
  }

  private mutating func buildIndex() {
    guard members.count > Self.linearLimit else { return }
    var index: [Name: Int] = [:]
    index.reserveCapacity(members.count * 2)
    for (position, member) in members.enumerated() { index[Name(member.key)] = position }
    positions = index
  }

  private func position(of key: String) -> Int? {
    if let positions { return positions[Name(key)] }
    for position in members.indices where sameBytes(members[position].key, key) { return position }
    return nil
  }
}

private struct Member: Sendable {
  var key: String
  var value: JSONValue
}

/// A member's name, compared and hashed by its bytes.
private struct Name: Hashable {
  let text: String

  init(_ text: String) { self.text = text }

  static func == (a: Name, b: Name) -> Bool { sameBytes(a.text, b.text) }

  func hash(into hasher: inout Hasher) {
    var text = text
    text.withUTF8 { unsafe hasher.combine(bytes: UnsafeRawBufferPointer($0)) }
  }
}

/// Whether two strings are the same bytes: `==` alone also holds for canonically equivalent ones, but is quick to deny.
private func sameBytes(_ a: String, _ b: String) -> Bool {
  a == b && a.utf8.elementsEqual(b.utf8)
}

extension JSONObject: RandomAccessCollection {
  package var startIndex: Int { 0 }
  package var endIndex: Int { members.count }
  package subscript(position: Int) -> (key: String, value: JSONValue) {
    (members[position].key, members[position].value)
  }
}

extension JSONObject: Hashable {
  package static func == (a: JSONObject, b: JSONObject) -> Bool {
    a.count == b.count && a.allSatisfy { b[$0.key] == $0.value }
  }

  package func hash(into hasher: inout Hasher) {
    hasher.combine(count)
    var sum = 0
    for member in members {
      var one = Hasher()
      one.combine(Name(member.key))
      one.combine(member.value)
      sum &+= one.finalize()
    }
    hasher.combine(sum)
  }
}

extension JSONObject: ExpressibleByDictionaryLiteral {
  package init(dictionaryLiteral elements: (String, JSONValue)...) {
    for (key, value) in elements { self[key] = value }
  }
}
