extension JSONValue {
  /// Parses one JSON text (RFC 8259) in UTF-8, strictly: no comments, no trailing commas, no byte order mark, no lone surrogates, at
  /// most `JSONParser.depthLimit` arrays and objects within each other. Of members with the same name the last one wins.
  package init(parsing bytes: [UInt8]) throws(JSONError) {
    var parser = JSONParser()
    do throws(JSONParser.Failure) {
      self = try parser.parseDocument(bytes.span)
    } catch {
      throw JSONError(error, in: bytes.span)
    }
  }

  package init(parsing text: String) throws(JSONError) {
    try self.init(parsing: Array(text.utf8))
  }
}

/// A recursive descent over the bytes; `offset` is the next one.
package struct JSONParser {
  /// Nesting beyond this is an error, so that no input can exhaust the stack.
  package static let depthLimit = 512

  struct Failure: Error {
    var offset: Int
    var message: String
  }

  var offset = 0
  private var depth = 0

  init() {}

  mutating func parseDocument(_ bytes: Span<UInt8>) throws(Failure) -> JSONValue {
    skipSpace(bytes)
    if bytes.count >= 3, bytes[0] == 0xEF, bytes[1] == 0xBB, bytes[2] == 0xBF {
      throw Failure(offset: 0, message: "byte order mark before the JSON text")
    }
    let value = try parseValue(bytes)
    skipSpace(bytes)
    guard offset == bytes.count else { throw unexpected(bytes, "after the JSON text") }
    return value
  }

  private mutating func parseValue(_ bytes: Span<UInt8>) throws(Failure) -> JSONValue {
    guard offset < bytes.count else { throw unexpected(bytes, "where a value should be") }
    switch bytes[offset] {
    case UInt8(ascii: "\""): return .string(try parseString(bytes))
    case UInt8(ascii: "{"): return .object(try parseObject(bytes))
    case UInt8(ascii: "["): return .array(try parseArray(bytes))
    case UInt8(ascii: "-"), UInt8(ascii: "0")...UInt8(ascii: "9"): return .number(try parseNumber(bytes))
    case UInt8(ascii: "t"):
      try parseWord(bytes, "true")
      return .bool(true)
    case UInt8(ascii: "f"):
      try parseWord(bytes, "false")
      return .bool(false)
    case UInt8(ascii: "n"):
      try parseWord(bytes, "null")
      return .null
    default: throw unexpected(bytes, "where a value should be")
    }
  }

  private mutating func parseObject(_ bytes: Span<UInt8>) throws(Failure) -> JSONObject {
    try enter()
    var object = JSONObject()
    skipSpace(bytes)
    if accept(UInt8(ascii: "}"), bytes) {
      depth -= 1
      return object
    }
    while true {
      guard offset < bytes.count, bytes[offset] == UInt8(ascii: "\"") else {
        throw unexpected(bytes, "where a member's name should be")
      }
      let key = try parseString(bytes)
      skipSpace(bytes)
      guard accept(UInt8(ascii: ":"), bytes) else { throw unexpected(bytes, "where ':' should be") }
      skipSpace(bytes)
      object[key] = try parseValue(bytes)
      skipSpace(bytes)
      if accept(UInt8(ascii: "}"), bytes) { break }
      guard accept(UInt8(ascii: ","), bytes) else { throw unexpected(bytes, "where ',' or '}' should be") }
      skipSpace(bytes)
    }
    depth -= 1
    return object
  }

  private mutating func parseArray(_ bytes: Span<UInt8>) throws(Failure) -> [JSONValue] {
    try enter()
    var values: [JSONValue] = []
    skipSpace(bytes)
    if accept(UInt8(ascii: "]"), bytes) {
      depth -= 1
      return values
    }
    while true {
      values.append(try parseValue(bytes))
      skipSpace(bytes)
      if accept(UInt8(ascii: "]"), bytes) { break }
      guard accept(UInt8(ascii: ","), bytes) else { throw unexpected(bytes, "where ',' or ']' should be") }
      skipSpace(bytes)
    }
    depth -= 1
    return values
  }

  private mutating func parseWord(_ bytes: Span<UInt8>, _ word: StaticString) throws(Failure) {
    let start = offset
    for expected in word.description.utf8 {
      guard accept(expected, bytes) else {
        offset = start
        throw unexpected(bytes, "where a value should be")
      }
    }
  }

  private mutating func enter() throws(Failure) {
    depth += 1
    guard depth <= Self.depthLimit else {
      throw Failure(offset: offset, message: "nested more than \(Self.depthLimit) levels deep")
    }
    offset += 1
  }

  private mutating func accept(_ byte: UInt8, _ bytes: Span<UInt8>) -> Bool {
    guard offset < bytes.count, bytes[offset] == byte else { return false }
    offset += 1
    return true
  }

  private mutating func skipSpace(_ bytes: Span<UInt8>) {
    while offset < bytes.count {
      switch bytes[offset] {
      case UInt8(ascii: " "), UInt8(ascii: "\n"), UInt8(ascii: "\r"), UInt8(ascii: "\t"): offset += 1
      default: return
      }
    }
  }

  func unexpected(_ bytes: Span<UInt8>, _ place: String) -> Failure {
    guard offset < bytes.count else { return Failure(offset: offset, message: "the text ends \(place)") }
    let byte = bytes[offset]
    let name =
      (0x21...0x7E).contains(byte)
      ? "'\(Unicode.Scalar(byte))'" : "byte 0x" + (byte < 16 ? "0" : "") + String(byte, radix: 16, uppercase: true)
    return Failure(offset: offset, message: "\(name) \(place)")
  }
}
