internal import Linux

/// A numeric header field: octal digits between blanks, or GNU's base-256 with the first bit set. Nil where it is neither, or more
/// than 63 bits. An empty field is 0, as every reader takes it.
func tarNumber(_ field: ArraySlice<UInt8>) -> Int64? {
  guard let first = field.first else { return nil }
  return first & 0x80 != 0 ? base256(field) : octal(field)
}

private func octal(_ field: ArraySlice<UInt8>) -> Int64? {
  var value: Int64 = 0
  var ended = false
  var began = false
  for byte in field {
    switch byte {
    case 48...55 where !ended:
      let (product, overflow) = value.multipliedReportingOverflow(by: 8)
      if overflow { return nil }
      value = product + Int64(byte - 48)
      began = true
    case 0, 32:
      if began { ended = true }
      // What follows a NUL is rubbish that some writers leave.
      if byte == 0 { return value }
    default: return nil
    }
  }
  return value
}

private func base256(_ field: ArraySlice<UInt8>) -> Int64? {
  // Two's complement, big-endian; the top bit only says that it is a number of this kind.
  let negative = (field.first ?? 0) & 0x40 != 0
  var value: Int64 = negative ? -1 : 0
  for (index, byte) in field.enumerated() {
    let byte = index == 0 ? (negative ? byte : byte & 0x7f) : byte
    let (product, overflow) = value.multipliedReportingOverflow(by: 256)
    if overflow { return nil }
    value = product | Int64(byte)
  }
  return value
}

/// A decimal number of seconds as pax writes them, down to nanoseconds; more digits are cut off. Nil where it is none.
func paxTime(_ text: [UInt8]) -> Timestamp? {
  let negative = text.first == 45
  let parts = text.dropFirst(negative ? 1 : 0).split(separator: dot, maxSplits: 1, omittingEmptySubsequences: false)
  guard let whole = parts.first, let seconds = paxInteger(Array(whole)), seconds >= 0 else { return nil }
  var nanoseconds: UInt32 = 0
  if parts.count == 2 {
    guard parts[1].allSatisfy({ (48...57).contains($0) }) else { return nil }
    for index in 0..<9 {
      let digit = index < parts[1].count ? UInt32(parts[1][parts[1].startIndex + index] - 48) : 0
      nanoseconds = nanoseconds * 10 + digit
    }
  }
  if !negative { return Timestamp(seconds: seconds, nanoseconds: nanoseconds) }
  if nanoseconds == 0 { return Timestamp(seconds: -seconds) }
  return Timestamp(seconds: -seconds - 1, nanoseconds: 1_000_000_000 - nanoseconds)
}

/// A decimal integer of pax; nil where it is none or does not fit.
func paxInteger(_ text: [UInt8]) -> Int64? {
  guard !text.isEmpty, text.allSatisfy({ (48...57).contains($0) || $0 == 45 }) else { return nil }
  return Int64(String(decoding: text, as: UTF8.self))
}
