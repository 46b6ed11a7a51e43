/// A pattern of Go's path/filepath.Match, which COPY's and ADD's wildcards are: `*` and `?` do not cross `/`, `[a-z]` and `[^a-z]`
/// are classes, a backslash makes the next character literal. Pattern and name are bytes; `?` and classes take one character.
package struct PathPattern: Hashable, Sendable {
  package struct Malformed: Error, Hashable, CustomStringConvertible {
    package var pattern: String
    package var description: String { "syntax error in pattern '\(pattern)'" }
  }

  private let pattern: [UInt8]

  /// Checks the whole pattern, as a match against anything would.
  package init(_ pattern: [UInt8]) throws(Malformed) {
    self.pattern = pattern
    var rest = pattern[...]
    while !rest.isEmpty {
      let (_, chunk) = Self.nextChunk(&rest)
      _ = try Self.match(chunk, [], of: pattern)
    }
  }

  package init(_ pattern: String) throws(Malformed) { try self.init(Array(pattern.utf8)) }

  /// Whether a text has any character that a pattern gives a meaning.
  package static func hasWildcard(_ text: some Sequence<UInt8>) -> Bool {
    text.contains { $0 == UInt8(ascii: "*") || $0 == UInt8(ascii: "?") || $0 == Byte.leftBracket || $0 == Byte.backslash }
  }

  package func matches(_ name: String) -> Bool { matches(Array(name.utf8)) }

  /// Whether the pattern matches the whole name.
  package func matches(_ name: [UInt8]) -> Bool {
    var rest = pattern[...]
    var name = name[...]
    while !rest.isEmpty {
      let (star, chunk) = Self.nextChunk(&rest)
      if star, chunk.isEmpty { return !name.contains(Byte.slash) }
      guard let after = Self.find(chunk, in: name, star: star, isLast: rest.isEmpty) else { return false }
      name = after
    }
    return name.isEmpty
  }

  /// What remains of `name` after `chunk`, which may begin later where a star stands before it.
  private static func find(_ chunk: ArraySlice<UInt8>, in name: ArraySlice<UInt8>, star: Bool, isLast: Bool) -> ArraySlice<UInt8>? {
    var start = name
    while true {
      // The pattern was checked when it was made.
      if let after = try? match(chunk, start, of: []), after.isEmpty || !isLast { return after }
      guard star, let skipped = start.popFirst(), skipped != Byte.slash else { return nil }
    }
  }

  /// Takes the stars that stand first and what follows up to the next star.
  private static func nextChunk(_ rest: inout ArraySlice<UInt8>) -> (star: Bool, chunk: ArraySlice<UInt8>) {
    let stars = rest.prefix { $0 == UInt8(ascii: "*") }
    rest = rest.dropFirst(stars.count)
    var index = rest.startIndex
    var inClass = false
    scan: while index < rest.endIndex {
      switch rest[index] {
      case Byte.backslash: if index + 1 < rest.endIndex { index += 1 }
      case Byte.leftBracket: inClass = true
      case Byte.rightBracket: inClass = false
      case UInt8(ascii: "*"): if !inClass { break scan }
      default: break
      }
      index += 1
    }
    defer { rest = rest[index...] }
    return (!stars.isEmpty, rest[..<index])
  }

  /// Matches a chunk without stars at the start of `name`: what remains, or nil. The chunk is read to its end even after a
  /// mismatch, to find faults.
  private static func match(
    _ chunk: ArraySlice<UInt8>, _ name: ArraySlice<UInt8>, of pattern: [UInt8]
  ) throws(Malformed) -> ArraySlice<UInt8>? {
    var chunk = chunk
    var name = name
    var failed = false
    while let first = chunk.first {
      if name.isEmpty { failed = true }
      chunk.removeFirst()
      switch first {
      case Byte.leftBracket:
        let scalar = failed ? nil : popScalar(&name)
        if try !matchClass(&chunk, scalar, of: pattern) { failed = true }
      case UInt8(ascii: "?"):
        if !failed, name.first == Byte.slash || popScalar(&name) == nil { failed = true }
      default:
        var literal = first
        if first == Byte.backslash {
          guard let escaped = chunk.popFirst() else { throw Malformed(pattern: String(decoding: pattern, as: UTF8.self)) }
          literal = escaped
        }
        if !failed, name.popFirst() != literal { failed = true }
      }
    }
    return failed ? nil : name
  }

  /// Reads a class, its bracket already taken; whether `scalar` is in it.
  private static func matchClass(
    _ chunk: inout ArraySlice<UInt8>, _ scalar: UInt32?, of pattern: [UInt8]
  ) throws(Malformed) -> Bool {
    let isNegated = chunk.first == UInt8(ascii: "^")
    if isNegated { chunk.removeFirst() }
    var isMember = false
    var count = 0
    while chunk.first != Byte.rightBracket || count == 0 {
      let low = try classMember(&chunk, of: pattern)
      var high = low
      if chunk.first == Byte.dash {
        chunk.removeFirst()
        high = try classMember(&chunk, of: pattern)
      }
      if let scalar, low <= scalar, scalar <= high { isMember = true }
      count += 1
    }
    chunk.removeFirst()
    return isMember != isNegated
  }

  private static func classMember(_ chunk: inout ArraySlice<UInt8>, of pattern: [UInt8]) throws(Malformed) -> UInt32 {
    let malformed = Malformed(pattern: String(decoding: pattern, as: UTF8.self))
    guard let first = chunk.first, first != Byte.dash, first != Byte.rightBracket else { throw malformed }
    if first == Byte.backslash { chunk.removeFirst() }
    guard let lead = chunk.first, let scalar = popScalar(&chunk), !(scalar == 0xFFFD && lead != 0xEF), !chunk.isEmpty else {
      throw malformed
    }
    return scalar
  }

  /// Takes one character; a byte that begins none is U+FFFD.
  static func popScalar(_ bytes: inout ArraySlice<UInt8>) -> UInt32? {
    guard let lead = bytes.first else { return nil }
    if lead < 0x80 {
      bytes.removeFirst()
      return UInt32(lead)
    }
    var iterator = bytes.prefix(4).makeIterator()
    var decoder = UTF8()
    if case .scalarValue(let scalar) = decoder.decode(&iterator) {
      bytes = bytes.dropFirst(UTF8.width(scalar))
      return scalar.value
    }
    bytes.removeFirst()
    return 0xFFFD
  }
}
