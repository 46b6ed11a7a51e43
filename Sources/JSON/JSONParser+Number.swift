extension JSONParser {
  /// Parses a number (RFC 8259 section 6). Whole numbers of 64 bits become integers, all else keeps its text.
  mutating func parseNumber(_ bytes: Span<UInt8>) throws(Failure) -> JSONNumber {
    let start = offset
    let negative = bytes[offset] == UInt8(ascii: "-")
    if negative { offset += 1 }
    let digits = offset
    let (magnitude, overflow) = skipDigits(bytes)
    guard offset > digits else { throw unexpected(bytes, "where a digit should be") }
    if offset - digits > 1, bytes[digits] == UInt8(ascii: "0") {
      throw Failure(offset: digits, message: "number with a leading zero")
    }
    var whole = !overflow
    if offset < bytes.count, bytes[offset] == UInt8(ascii: ".") {
      whole = false
      offset += 1
      try requireDigits(bytes)
    }
    if offset < bytes.count, bytes[offset] | 0x20 == UInt8(ascii: "e") {
      whole = false
      offset += 1
      if offset < bytes.count, bytes[offset] == UInt8(ascii: "+") || bytes[offset] == UInt8(ascii: "-") { offset += 1 }
      try requireDigits(bytes)
    }
    if whole {
      if !negative { return JSONNumber(magnitude) }
      if magnitude != 0, magnitude <= Int64.min.magnitude { return .integer(Int64(truncatingIfNeeded: 0 &- magnitude)) }
    }
    return .literal(try makeString(bytes, start..<offset))
  }

  private mutating func requireDigits(_ bytes: Span<UInt8>) throws(Failure) {
    let start = offset
    _ = skipDigits(bytes)
    guard offset > start else { throw unexpected(bytes, "where a digit should be") }
  }

  private mutating func skipDigits(_ bytes: Span<UInt8>) -> (value: UInt64, overflow: Bool) {
    var value: UInt64 = 0
    var overflow = false
    while offset < bytes.count {
      let digit = bytes[offset] &- UInt8(ascii: "0")
      guard digit < 10 else { break }
      let (shifted, carry) = value.multipliedReportingOverflow(by: 10)
      let (sum, carryOfSum) = shifted.addingReportingOverflow(UInt64(digit))
      overflow = overflow || carry || carryOfSum
      value = sum
      offset += 1
    }
    return (value, overflow)
  }
}
