/// Writes the JSON of a Dockerfile. By hand and not through an encoder, because `dfparse` is measured in megabytes a second.
/// Members that hold nothing are left out.
struct MemberWriter {
  private let output: OutputBuffer
  private let pretty: Bool
  private var depth = 0
  /// Whether something stands before in the object or array being written.
  private var needsComma = false

  init(_ output: OutputBuffer, pretty: Bool) {
    self.output = output
    self.pretty = pretty
  }

  private func newline() {
    guard pretty else { return }
    output.append(Byte.newline)
    for _ in 0..<depth { output.append("  ") }
  }

  private mutating func separate() {
    if needsComma { output.append(Byte.comma) }
    needsComma = true
    newline()
  }

  private mutating func name(_ name: StaticString) {
    separate()
    output.append(Byte.doubleQuote)
    output.append(name)
    output.append(pretty ? "\": " : "\":")
  }

  private mutating func name(_ name: String) {
    separate()
    output.appendQuoted(name)
    output.append(pretty ? ": " : ":")
  }

  private mutating func nest(_ open: UInt8, _ close: UInt8, _ write: (inout MemberWriter) -> Void) {
    output.append(open)
    depth += 1
    needsComma = false
    write(&self)
    depth -= 1
    if needsComma { newline() }
    output.append(close)
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
    output.appendQuoted(value)
  }

  /// A member whose name is data.
  mutating func member(named name: String, string value: String) {
    self.name(name)
    output.appendQuoted(value)
  }

  mutating func member(namedTrue name: String) {
    self.name(name)
    output.append("true")
  }

  mutating func strings(_ name: StaticString, _ values: [String], evenIfEmpty: Bool = false) {
    if values.isEmpty, !evenIfEmpty { return }
    self.name(name)
    nest(Byte.leftBracket, Byte.rightBracket) { writer in
      for value in values {
        writer.separate()
        writer.output.appendQuoted(value)
      }
    }
  }

  mutating func bool(_ name: StaticString, _ value: Bool?) {
    guard let value else { return }
    self.name(name)
    output.append(value ? "true" : "false")
  }

  /// A number from 0 up.
  mutating func integer(_ name: StaticString, _ value: Int?) {
    guard let value else { return }
    self.name(name)
    output.append(value)
  }

  /// A range, always on one line.
  mutating func range(_ name: StaticString, _ range: SourceRange?) {
    guard let range else { return }
    self.name(name)
    append(range)
  }

  private func append(_ range: SourceRange) {
    output.append("{\"start\":{\"line\":")
    append(range.start)
    output.append(",\"end\":{\"line\":")
    append(range.end)
    output.append(UInt8(ascii: "}"))
  }

  private func append(_ position: SourcePosition) {
    output.append(position.line)
    output.append(",\"column\":")
    output.append(position.column)
    output.append(",\"offset\":")
    output.append(position.offset)
    output.append(UInt8(ascii: "}"))
  }

  /// Tokens, each on one line.
  mutating func tokens(_ name: StaticString, _ tokens: [Token]) {
    if tokens.isEmpty { return }
    self.name(name)
    nest(Byte.leftBracket, Byte.rightBracket) { writer in
      for token in tokens {
        writer.separate()
        writer.output.append(token.kind.json)
        writer.append(token.range)
        writer.output.append(UInt8(ascii: "}"))
      }
    }
  }
}

extension Token.Kind {
  fileprivate var json: StaticString {
    switch self {
    case .keyword: "{\"kind\":\"keyword\",\"range\":"
    case .flag: "{\"kind\":\"flag\",\"range\":"
    case .argument: "{\"kind\":\"argument\",\"range\":"
    case .name: "{\"kind\":\"name\",\"range\":"
    case .value: "{\"kind\":\"value\",\"range\":"
    case .heredoc: "{\"kind\":\"heredoc\",\"range\":"
    case .terminator: "{\"kind\":\"terminator\",\"range\":"
    case .comment: "{\"kind\":\"comment\",\"range\":"
    }
  }
}

/// A JSON string with its quotes.
func jsonString(_ text: String) -> String {
  var bytes: [UInt8] = []
  let output = OutputBuffer(size: 256) { bytes += $0 }
  output.appendQuoted(text)
  output.flush()
  return String(decoding: bytes, as: UTF8.self)
}
