internal import JSON

extension TOMLParser {
  /// Arrays and inline tables may lie in one another this deep.
  private static let depthLimit = 64

  mutating func value(depth: Int) throws(TOMLError) -> JSONValue {
    if depth > Self.depthLimit { throw fault("values lie too deep in one another") }
    switch peek {
    case UInt8(ascii: "\"")?: return .string(take("\"\"\"") ? try multilineString("\"") : try basicString())
    case UInt8(ascii: "'")?: return .string(take("'''") ? try multilineString("'") : try literalString())
    case UInt8(ascii: "[")?: return try array(depth: depth)
    case UInt8(ascii: "{")?: return try inlineTable(depth: depth)
    default: return try scalar()
    }
  }

  private mutating func array(depth: Int) throws(TOMLError) -> JSONValue {
    position += 1
    var values: [JSONValue] = []
    while true {
      skipBlank(lines: true)
      if take("]") { return .array(values) }
      values.append(try value(depth: depth + 1))
      skipBlank(lines: true)
      if take("]") { return .array(values) }
      guard take(",") else { throw fault("an array that does not end") }
    }
  }

  private mutating func inlineTable(depth: Int) throws(TOMLError) -> JSONValue {
    position += 1
    let table = TOMLTable(.keys)
    skipBlank()
    if take("}") { return .object(table.json) }
    while true {
      try keyValue(into: table, depth: depth + 1)
      skipBlank()
      if take("}") { return .object(table.json) }
      guard take(",") else { throw fault("an inline table that does not end") }
    }
  }

  // MARK: Strings

  mutating func literalString() throws(TOMLError) -> String {
    position += 1
    let start = position
    while let byte = peek, byte != UInt8(ascii: "'") {
      try checkCharacter(byte)
      position += 1
    }
    guard peek != nil else { throw fault("a string that does not end") }
    defer { position += 1 }
    return String(decoding: text[start..<position], as: UTF8.self)
  }

  mutating func basicString() throws(TOMLError) -> String {
    position += 1
    var bytes: [UInt8] = []
    while let byte = peek {
      if byte == UInt8(ascii: "\"") {
        position += 1
        return String(decoding: bytes, as: UTF8.self)
      }
      try checkCharacter(byte)
      position += 1
      if byte == UInt8(ascii: "\\") { try escape(into: &bytes) } else { bytes.append(byte) }
    }
    throw fault("a string that does not end")
  }

  /// After the opening three quotes; a line end right there does not count.
  private mutating func multilineString(_ quote: String) throws(TOMLError) -> String {
    let isBasic = quote == "\""
    if !take("\n") { _ = take("\r\n") }
    var bytes: [UInt8] = []
    while let byte = peek {
      if take(quote + quote + quote) {
        // Up to two quotes may stand right before the closing three.
        for _ in 0..<2 where take(quote) { bytes += Array(quote.utf8) }
        return String(decoding: bytes, as: UTF8.self)
      }
      let isLineEnd = byte == 0x0a || (byte == 0x0d && text[position...].starts(with: "\r\n".utf8))
      if !isLineEnd { try checkCharacter(byte) }
      position += 1
      if isBasic, byte == UInt8(ascii: "\\") {
        if try !skipLineEnd() { try escape(into: &bytes) }
      } else {
        bytes.append(byte)
      }
    }
    throw fault("a string that does not end")
  }

  /// A backslash at the end of a line takes away all white space up to the next character.
  private mutating func skipLineEnd() throws(TOMLError) -> Bool {
    var end = position
    while end < text.count, text[end] == 0x20 || text[end] == 0x09 { end += 1 }
    guard text[end...].starts(with: "\n".utf8) || text[end...].starts(with: "\r\n".utf8) else { return false }
    while end < text.count, [0x20, 0x09, 0x0a, 0x0d].contains(text[end]) { end += 1 }
    position = end
    return true
  }

  private mutating func escape(into bytes: inout [UInt8]) throws(TOMLError) {
    guard let byte = peek else { throw fault("a string that does not end") }
    position += 1
    switch byte {
    case UInt8(ascii: "b"): bytes.append(0x08)
    case UInt8(ascii: "t"): bytes.append(0x09)
    case UInt8(ascii: "n"): bytes.append(0x0a)
    case UInt8(ascii: "f"): bytes.append(0x0c)
    case UInt8(ascii: "r"): bytes.append(0x0d)
    case UInt8(ascii: "\""), UInt8(ascii: "\\"): bytes.append(byte)
    case UInt8(ascii: "u"): try scalar(digits: 4, into: &bytes)
    case UInt8(ascii: "U"): try scalar(digits: 8, into: &bytes)
    default: throw fault("'\\\(Character(Unicode.Scalar(byte)))' is no escape")
    }
  }

  private mutating func scalar(digits: Int, into bytes: inout [UInt8]) throws(TOMLError) {
    let word = String(decoding: text[position..<min(position + digits, text.count)], as: UTF8.self)
    guard word.utf8.count == digits, word.utf8.allSatisfy({ Character(Unicode.Scalar($0)).isHexDigit }), let code = UInt32(word, radix: 16),
      let scalar = Unicode.Scalar(code)
    else { throw fault("'\\u\(word)' is no character") }
    position += digits
    bytes += Array(String(Character(scalar)).utf8)
  }

  private func checkCharacter(_ byte: UInt8) throws(TOMLError) {
    if byte == 0x0a || byte == 0x0d { throw fault("a string that does not end in its line") }
    if byte < 0x20 && byte != 0x09 || byte == 0x7f { throw fault("a control character in a string") }
  }

  // MARK: Numbers, booleans, dates

  private mutating func scalar() throws(TOMLError) -> JSONValue {
    let start = position
    while let byte = peek, byte.isBareKey || [UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: ":")].contains(byte) { position += 1 }
    // A date and a time may have a blank between them.
    if position - start == 10, peek == 0x20, position + 3 < text.count, text[position + 3] == UInt8(ascii: ":") {
      position += 1
      while let byte = peek, byte.isBareKey || [UInt8(ascii: "+"), UInt8(ascii: "."), UInt8(ascii: ":")].contains(byte) { position += 1 }
    }
    let word = String(decoding: text[start..<position], as: UTF8.self)
    switch word {
    case "true": return .bool(true)
    case "false": return .bool(false)
    case "inf", "+inf", "-inf", "nan", "+nan", "-nan": return .string(word)
    case "": throw fault("a value is missing")
    default: break
    }
    if let number = try number(word) { return number }
    guard isDateOrTime(word) else { throw fault("'\(word)' is no value; strings are quoted") }
    return .string(word)
  }

  private func number(_ word: String) throws(TOMLError) -> JSONValue? {
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where word.hasPrefix(prefix) {
      let digits = Array(word.utf8.dropFirst(2))
      guard Self.digitsAreSeparated(digits), digits.first != UInt8(ascii: "-"), digits.first != UInt8(ascii: "+"),
        let value = Int64(word.dropFirst(2).filter { $0 != "_" }, radix: radix)
      else { throw fault("'\(word)' is no number of 64 bits") }
      return .integer(value)
    }
    let unsigned = word.hasPrefix("+") || word.hasPrefix("-") ? word.dropFirst() : word[...]
    let parts = unsigned.lowercased().split(maxSplits: 1, omittingEmptySubsequences: false) { $0 == "e" }
    guard let mantissa = parts.first?.split(separator: ".", omittingEmptySubsequences: false), mantissa.count <= 2,
      mantissa.allSatisfy({ Self.areDigits($0) }), mantissa[0] == "0" || mantissa[0].first != "0"
    else { return nil }
    let plain = word.filter { $0 != "_" && $0 != "+" }
    if parts.count == 1, mantissa.count == 1 {
      guard let value = Int64(plain) else { throw fault("'\(word)' is no number of 64 bits") }
      return .integer(value)
    }
    if parts.count == 2 {
      let exponent = parts[1].hasPrefix("+") || parts[1].hasPrefix("-") ? parts[1].dropFirst() : parts[1]
      guard Self.areDigits(exponent) else { return nil }
    }
    guard let value = Double(plain), let number = JSONNumber(value) else { throw fault("'\(word)' is no number that can be kept") }
    return .number(number)
  }

  private static func areDigits(_ text: some StringProtocol) -> Bool {
    let bytes = Array(text.utf8)
    return digitsAreSeparated(bytes) && bytes.allSatisfy { (48...57).contains($0) || $0 == UInt8(ascii: "_") }
  }

  /// Underscores stand between digits only.
  private static func digitsAreSeparated(_ digits: [UInt8]) -> Bool {
    let underscore = UInt8(ascii: "_")
    guard let first = digits.first, let last = digits.last, first != underscore, last != underscore else { return false }
    return !zip(digits, digits.dropFirst()).contains { $0 == underscore && $1 == underscore }
  }

  /// The shape of RFC 3339's dates and times; not whether there is such a day.
  private func isDateOrTime(_ word: String) -> Bool {
    let shape = word.utf8.map { (48...57).contains($0) ? UInt8(ascii: "0") : $0 }
    let text = String(decoding: shape, as: UTF8.self)
    if text == "0000-00-00" { return true }
    let time = text.hasPrefix("0000-00-00") && text.dropFirst(10).first.map { "Tt ".contains($0) } == true ? text.dropFirst(11) : text[...]
    guard time.hasPrefix("00:00:00") else { return false }
    var rest = time.dropFirst(8)
    if rest.first == "." {
      let fraction = rest.dropFirst().prefix { $0 == "0" }
      guard !fraction.isEmpty else { return false }
      rest = rest.dropFirst(1 + fraction.count)
    }
    return rest.isEmpty || (time.count < text.count && ["z", "+00:00", "-00:00"].contains(rest.lowercased()))
  }
}
