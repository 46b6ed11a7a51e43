/// How Go's `strconv.Quote` and `%q` show a string, which docker's messages and its COMMAND column use.
package func goQuoted(_ text: String) -> String {
  var quoted = "\""
  for scalar in text.unicodeScalars {
    switch scalar {
    case "\"": quoted += "\\\""
    case "\\": quoted += "\\\\"
    case "\n": quoted += "\\n"
    case "\r": quoted += "\\r"
    case "\t": quoted += "\\t"
    case "\u{7}": quoted += "\\a"
    case "\u{8}": quoted += "\\b"
    case "\u{b}": quoted += "\\v"
    case "\u{c}": quoted += "\\f"
    default:
      if scalar.value < 0x20 || scalar.value == 0x7f {
        quoted += "\\x" + hexadecimal(UInt64(scalar.value), width: 2)
      } else {
        quoted.unicodeScalars.append(scalar)
      }
    }
  }
  return quoted + "\""
}

/// `value` in lower-case hexadecimal, filled up with zeros.
func hexadecimal(_ value: UInt64, width: Int) -> String {
  let digits = String(value, radix: 16)
  return String(repeating: "0", count: max(0, width - digits.count)) + digits
}

extension StringProtocol {
  /// The parts before and after the first `separator`; nil where there is none.
  func cut(at separator: Character) -> (before: String, after: String)? {
    guard let index = firstIndex(of: separator) else { return nil }
    return (String(self[..<index]), String(self[self.index(after: index)...]))
  }

  /// Without spaces, tabs and line ends at both ends.
  func trimmed() -> String {
    let blank: (Character) -> Bool = { $0 == " " || $0 == "\t" || $0 == "\n" || $0 == "\r" || $0 == "\r\n" }
    guard let first = firstIndex(where: { !blank($0) }), let last = lastIndex(where: { !blank($0) }) else { return "" }
    return String(self[first...last])
  }
}

/// Go's `strconv.ParseInt(text, 10, 64)` with its error text.
func goInteger(_ text: String) throws(InvalidValue) -> Int64 {
  if let value = Int64(text), !text.isEmpty { return value }
  let digits = text.drop { $0 == "-" || $0 == "+" }
  let numeric = !digits.isEmpty && digits.count >= text.count - 1 && digits.utf8.allSatisfy { $0 >= 48 && $0 <= 57 }
  throw InvalidValue("strconv.ParseInt: parsing \(goQuoted(text)): \(numeric ? "value out of range" : "invalid syntax")")
}
