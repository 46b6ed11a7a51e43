extension JSONParser {
  /// Parses a string (RFC 8259 section 7); `offset` is at its opening quote.
  mutating func parseString(_ bytes: Span<UInt8>) throws(Failure) -> String {
    offset += 1
    let start = offset
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\"") {
        let string = try makeString(bytes, start..<offset)
        offset += 1
        return string
      }
      if byte == UInt8(ascii: "\\") { return try parseEscapedString(bytes, from: start) }
      if byte < 0x20 { throw unexpected(bytes, "within a string, where it must be escaped") }
      offset += 1
    }
    throw Failure(offset: start - 1, message: "string without a closing quote")
  }

  /// The bytes of `range` as a string.
  func makeString(_ bytes: Span<UInt8>, _ range: Range<Int>) throws(Failure) -> String {
    do throws(UTF8.ValidationError) {
      return String(copying: try UTF8Span(validating: bytes.extracting(range)))
    } catch {
      throw Failure(offset: range.lowerBound + error.byteOffsets.lowerBound, message: "invalid UTF-8 in a string")
    }
  }

  private mutating func parseEscapedString(_ bytes: Span<UInt8>, from start: Int) throws(Failure) -> String {
    var text = try makeString(bytes, start..<offset)
    var run = offset
    while offset < bytes.count {
      let byte = bytes[offset]
      if byte == UInt8(ascii: "\"") {
        text += try makeString(bytes, run..<offset)
        offset += 1
        return text
      }
      if byte < 0x20 { throw unexpected(bytes, "within a string, where it must be escaped") }
      guard byte == UInt8(ascii: "\\") else {
        offset += 1
        continue
      }
      if run < offset { text += try makeString(bytes, run..<offset) }
      text.unicodeScalars.append(try parseEscape(bytes))
      run = offset
    }
    throw Failure(offset: start - 1, message: "string without a closing quote")
  }

  private mutating func parseEscape(_ bytes: Span<UInt8>) throws(Failure) -> Unicode.Scalar {
    offset += 1
    guard offset < bytes.count else { throw unexpected(bytes, "within an escape sequence") }
    let scalar: Unicode.Scalar
    switch bytes[offset] {
    case UInt8(ascii: "\""): scalar = "\""
    case UInt8(ascii: "\\"): scalar = "\\"
    case UInt8(ascii: "/"): scalar = "/"
    case UInt8(ascii: "b"): scalar = "\u{8}"
    case UInt8(ascii: "f"): scalar = "\u{C}"
    case UInt8(ascii: "n"): scalar = "\n"
    case UInt8(ascii: "r"): scalar = "\r"
    case UInt8(ascii: "t"): scalar = "\t"
    case UInt8(ascii: "u"): return try parseUnicodeEscape(bytes)
    default: throw unexpected(bytes, "after a backslash")
    }
    offset += 1
    return scalar
  }

  /// `\uXXXX`, two of them for a scalar beyond the basic plane; `offset` is at the `u`.
  private mutating func parseUnicodeEscape(_ bytes: Span<UInt8>) throws(Failure) -> Unicode.Scalar {
    let start = offset - 1
    let high = try parseFourDigits(bytes)
    if let scalar = Unicode.Scalar(high) { return scalar }
    guard high < 0xDC00, offset + 1 < bytes.count, bytes[offset] == UInt8(ascii: "\\"),
      bytes[offset + 1] == UInt8(ascii: "u")
    else { throw Failure(offset: start, message: "lone surrogate in a string") }
    offset += 1
    let low = try parseFourDigits(bytes)
    guard (0xDC00...0xDFFF).contains(low),
      let scalar = Unicode.Scalar(0x10000 + (high - 0xD800) << 10 + (low - 0xDC00))
    else { throw Failure(offset: start, message: "lone surrogate in a string") }
    return scalar
  }

  private mutating func parseFourDigits(_ bytes: Span<UInt8>) throws(Failure) -> UInt32 {
    offset += 1
    var value: UInt32 = 0
    for _ in 0..<4 {
      guard offset < bytes.count, let digit = Self.hexadecimal(bytes[offset]) else {
        throw unexpected(bytes, "where a hexadecimal digit should be")
      }
      value = value << 4 | digit
      offset += 1
    }
    return value
  }

  private static func hexadecimal(_ byte: UInt8) -> UInt32? {
    switch byte {
    case UInt8(ascii: "0")...UInt8(ascii: "9"): UInt32(byte - UInt8(ascii: "0"))
    case UInt8(ascii: "a")...UInt8(ascii: "f"): UInt32(byte - UInt8(ascii: "a")) + 10
    case UInt8(ascii: "A")...UInt8(ascii: "F"): UInt32(byte - UInt8(ascii: "A")) + 10
    default: nil
    }
  }
}
