/// Writes the JSON of a Dockerfile. By hand and not through an encoder, because `dfparse` is measured in megabytes a second.
/// Members that hold nothing are left out.
struct MemberWriter {
  private(set) var bytes: [UInt8] = []
  private let pretty: Bool
  private var depth = 0
  /// Whether something stands before in the object or array being written.
  private var needsComma = false

  init(pretty: Bool) { self.pretty = pretty }

  private mutating func newline() {
    guard pretty else { return }
    bytes.append(Byte.newline)
    for _ in 0..<depth { bytes += [Byte.space, Byte.space] }
  }

  private mutating func separate() {
    if needsComma { bytes.append(Byte.comma) }
    needsComma = true
    newline()
  }

  private mutating func name(_ name: StaticString) {
    separate()
    bytes.append(Byte.doubleQuote)
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: name.utf8Start, count: name.utf8CodeUnitCount))
    bytes.append(Byte.doubleQuote)
    bytes.append(UInt8(ascii: ":"))
    if pretty { bytes.append(Byte.space) }
  }

  private mutating func nest(_ open: UInt8, _ close: UInt8, _ write: (inout MemberWriter) -> Void) {
    bytes.append(open)
    depth += 1
    needsComma = false
    write(&self)
    depth -= 1
    if needsComma { newline() }
    bytes.append(close)
    needsComma = true
  }

  /// The outermost value.
  mutating func object(_ write: (inout MemberWriter) -> Void) { nest(UInt8(ascii: "{"), UInt8(ascii: "}"), write) }

  mutating func object(_ name: StaticString, _ write: (inout MemberWriter) -> Void) {
    self.name(name)
    object(write)
  }

  mutating func objects<T>(_ name: StaticString, _ values: [T], evenIfEmpty: Bool = false, _ write: (T, inout MemberWriter) -> Void) {
    if values.isEmpty, !evenIfEmpty { return }
    self.name(name)
    nest(Byte.leftBracket, Byte.rightBracket) { writer in
      for value in values {
        writer.separate()
        writer.object { write(value, &$0) }
      }
    }
  }

  mutating func string(_ name: StaticString, _ value: String?) {
    guard let value else { return }
    self.name(name)
    append(value)
  }

  /// A member whose name is data.
  mutating func member(named name: String, string value: String) {
    separate()
    append(name)
    bytes.append(UInt8(ascii: ":"))
    if pretty { bytes.append(Byte.space) }
    append(value)
  }

  mutating func member(namedTrue name: String) {
    separate()
    append(name)
    bytes.append(UInt8(ascii: ":"))
    if pretty { bytes.append(Byte.space) }
    bytes += "true".utf8
  }

  mutating func strings(_ name: StaticString, _ values: [String], evenIfEmpty: Bool = false) {
    if values.isEmpty, !evenIfEmpty { return }
    self.name(name)
    nest(Byte.leftBracket, Byte.rightBracket) { writer in
      for value in values {
        writer.separate()
        writer.append(value)
      }
    }
  }

  mutating func bool(_ name: StaticString, _ value: Bool?) {
    guard let value else { return }
    self.name(name)
    bytes += (value ? "true" : "false").utf8
  }

  mutating func integer(_ name: StaticString, _ value: Int?) {
    guard let value else { return }
    self.name(name)
    append(value)
  }

  /// A range, always on one line.
  mutating func range(_ name: StaticString, _ range: SourceRange?) {
    guard let range else { return }
    self.name(name)
    bytes.append(UInt8(ascii: "{"))
    position("\"start\":", range.start)
    bytes.append(Byte.comma)
    position("\"end\":", range.end)
    bytes.append(UInt8(ascii: "}"))
  }

  private mutating func position(_ name: StaticString, _ position: SourcePosition) {
    literal(name)
    literal("{\"line\":")
    append(position.line)
    literal(",\"column\":")
    append(position.column)
    literal(",\"offset\":")
    append(position.offset)
    bytes.append(UInt8(ascii: "}"))
  }

  /// Tokens, each on one line.
  mutating func tokens(_ name: StaticString, _ tokens: [Token]) {
    if tokens.isEmpty { return }
    self.name(name)
    nest(Byte.leftBracket, Byte.rightBracket) { writer in
      for token in tokens {
        writer.separate()
        writer.literal("{\"kind\":\"")
        writer.bytes += token.kind.rawValue.utf8
        writer.literal("\",\"range\":{")
        writer.position("\"start\":", token.range.start)
        writer.bytes.append(Byte.comma)
        writer.position("\"end\":", token.range.end)
        writer.literal("}}")
      }
    }
  }

  private mutating func literal(_ text: StaticString) {
    unsafe bytes.append(contentsOf: UnsafeBufferPointer(start: text.utf8Start, count: text.utf8CodeUnitCount))
  }

  private mutating func append(_ value: Int) {
    if value < 10, value >= 0 {
      bytes.append(0x30 + UInt8(value))
      return
    }
    var value = value
    if value < 0 {
      bytes.append(Byte.dash)
      value = -value
    }
    let start = bytes.count
    while value > 0 {
      bytes.append(0x30 + UInt8(value % 10))
      value /= 10
    }
    bytes[start...].reverse()
  }

  mutating func append(_ text: String) {
    bytes.append(Byte.doubleQuote)
    for byte in text.utf8 {
      switch byte {
      case Byte.doubleQuote, Byte.backslash: bytes += [Byte.backslash, byte]
      case Byte.newline: bytes += [Byte.backslash, UInt8(ascii: "n")]
      case Byte.tab: bytes += [Byte.backslash, UInt8(ascii: "t")]
      case Byte.carriageReturn: bytes += [Byte.backslash, UInt8(ascii: "r")]
      case ..<0x20:
        literal("\\u00")
        for digit in [byte >> 4, byte & 15] { bytes.append(digit < 10 ? 0x30 + digit : 0x57 + digit) }
      default: bytes.append(byte)
      }
    }
    bytes.append(Byte.doubleQuote)
  }
}
