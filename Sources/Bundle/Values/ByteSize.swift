/// Parses a size as docker does: a decimal number, an optional space, and `b`, `k`, `m`, `g`, `t` or `p` with an optional `b` or
/// `ib`, all powers of 1024. The result is in bytes.
package func byteSize(_ text: String) throws(InvalidValue) -> Int64 {
  let characters = Array(text.utf8)
  guard let last = characters.lastIndex(where: { isDigit($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: " ") }) else {
    throw InvalidValue("invalid size: '\(text)'")
  }
  let numberEnd = characters[last] == UInt8(ascii: " ") ? last : last + 1
  let number = String(decoding: characters[..<numberEnd], as: UTF8.self)
  guard let value = decimal(number) else { throw InvalidValue("strconv.ParseFloat: parsing \(goQuoted(number)): invalid syntax") }
  if value < 0 { throw InvalidValue("invalid size: '\(text)'") }
  let suffix = String(decoding: characters[(last + 1)...], as: UTF8.self).lowercased()
  guard let factor = sizeFactor(suffix) else { throw InvalidValue("invalid suffix: '\(suffix)'") }
  let size = value * factor
  guard size < 0x1p63 else { throw InvalidValue("invalid size: '\(text)'") }
  return Int64(size)
}

/// `--memory-swap`: a size, or -1 for no limit.
package func swapSize(_ text: String) throws(InvalidValue) -> Int64 {
  text == "-1" ? -1 : try byteSize(text)
}

private func sizeFactor(_ suffix: String) -> Double? {
  if suffix.isEmpty || suffix == "b" { return 1 }
  guard let exponent = "kmgtp".firstIndex(of: suffix.first ?? " ") else { return nil }
  guard ["", "b", "ib"].contains(String(suffix.dropFirst())) else { return nil }
  var factor = 1.0
  for _ in 0...("kmgtp".distance(from: "kmgtp".startIndex, to: exponent)) { factor *= 1024 }
  return factor
}

func isDigit(_ byte: UInt8) -> Bool { byte >= UInt8(ascii: "0") && byte <= UInt8(ascii: "9") }

/// Digits with at most one dot and an optional sign: none of the names and hexadecimal forms that `Double` also reads.
private func decimal(_ text: String) -> Double? {
  let body = text.utf8.drop { $0 == UInt8(ascii: "-") || $0 == UInt8(ascii: "+") }
  guard text.utf8.count - body.count <= 1, body.contains(where: isDigit) else { return nil }
  guard body.allSatisfy({ isDigit($0) || $0 == UInt8(ascii: ".") }) else { return nil }
  let filled = body.first == UInt8(ascii: ".") ? "0" + String(decoding: body, as: UTF8.self) : String(decoding: body, as: UTF8.self)
  guard let value = Double(filled.hasSuffix(".") ? filled + "0" : filled) else { return nil }
  return text.hasPrefix("-") ? -value : value
}
