extension JSONValue {
  /// The JSON text, in UTF-8 and without a final newline.
  ///
  /// - Parameters:
  ///   - pretty: one member a line, indented by two spaces, as `jq` prints it.
  ///   - sortedKeys: members by the bytes of their names instead of in their own order.
  package func serialized(pretty: Bool = false, sortedKeys: Bool = false) -> [UInt8] {
    var serializer = JSONSerializer(pretty: pretty, sortedKeys: sortedKeys)
    serializer.append(self)
    return serializer.bytes
  }
}

private struct JSONSerializer {
  var bytes: [UInt8] = []
  let pretty: Bool
  let sortedKeys: Bool
  private var depth = 0

  init(pretty: Bool, sortedKeys: Bool) {
    self.pretty = pretty
    self.sortedKeys = sortedKeys
  }

  mutating func append(_ value: JSONValue) {
    switch value {
    case .null: append("null")
    case .bool(let value): append(value ? "true" : "false")
    case .number(let number): append(number.description)
    case .string(let text): appendQuoted(text)
    case .array(let values): append(values)
    case .object(let object): append(object)
    }
  }

  private mutating func append(_ values: [JSONValue]) {
    bytes.append(UInt8(ascii: "["))
    depth += 1
    for (position, value) in values.enumerated() {
      separate(position)
      append(value)
    }
    close(UInt8(ascii: "]"), empty: values.isEmpty)
  }

  private mutating func append(_ object: JSONObject) {
    var object = object
    if sortedKeys { object.sortKeys() }
    bytes.append(UInt8(ascii: "{"))
    depth += 1
    for (position, member) in object.enumerated() {
      separate(position)
      appendQuoted(member.key)
      append(pretty ? ": " : ":")
      append(member.value)
    }
    close(UInt8(ascii: "}"), empty: object.isEmpty)
  }

  private mutating func separate(_ position: Int) {
    if position > 0 { bytes.append(UInt8(ascii: ",")) }
    if pretty { appendNewline() }
  }

  private mutating func close(_ bracket: UInt8, empty: Bool) {
    depth -= 1
    if pretty, !empty { appendNewline() }
    bytes.append(bracket)
  }

  private mutating func appendNewline() {
    bytes.append(UInt8(ascii: "\n"))
    bytes.append(contentsOf: repeatElement(UInt8(ascii: " "), count: depth * 2))
  }

  private mutating func append(_ text: String) { bytes.append(contentsOf: text.utf8) }

  /// Escapes what RFC 8259 section 7 demands and no more.
  private mutating func appendQuoted(_ text: String) {
    bytes.append(UInt8(ascii: "\""))
    if text.utf8.contains(where: { $0 < 0x20 || $0 == UInt8(ascii: "\"") || $0 == UInt8(ascii: "\\") }) {
      for byte in text.utf8 { appendEscaped(byte) }
    } else {
      append(text)
    }
    bytes.append(UInt8(ascii: "\""))
  }

  private mutating func appendEscaped(_ byte: UInt8) {
    switch byte {
    case UInt8(ascii: "\""): append("\\\"")
    case UInt8(ascii: "\\"): append("\\\\")
    case 0x08: append("\\b")
    case 0x09: append("\\t")
    case 0x0A: append("\\n")
    case 0x0C: append("\\f")
    case 0x0D: append("\\r")
    case ..<0x20: append((byte < 16 ? "\\u000" : "\\u00") + String(byte, radix: 16))
    default: bytes.append(byte)
    }
  }
}
