extension Array<UInt8> {
  /// How many bytes the character at `index` takes, 1 for a byte that begins none.
  func characterWidth(at index: Int) -> Int {
    let lead = self[index]
    if lead < 0x80 { return 1 }
    let width = lead >= 0xF0 ? 4 : lead >= 0xE0 ? 3 : lead >= 0xC2 ? 2 : 1
    guard index + width <= count else { return 1 }
    for next in index + 1..<index + width where self[next] & 0xC0 != 0x80 { return 1 }
    return width
  }

  private func scalar(at index: Int) -> Unicode.Scalar? {
    String(decoding: self[index..<index + characterWidth(at: index)], as: UTF8.self).unicodeScalars.first
  }

  /// Unicode category Nd.
  func isDecimalDigit(at index: Int) -> Bool {
    if self[index] < 0x80 { return self[index].isDigit }
    return scalar(at: index)?.properties.generalCategory == .decimalNumber
  }

  /// A letter, a decimal digit or `_`.
  func isNameCharacter(at index: Int) -> Bool {
    let byte = self[index]
    if byte < 0x80 { return byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_") }
    switch scalar(at: index)?.properties.generalCategory {
    case .uppercaseLetter, .lowercaseLetter, .titlecaseLetter, .modifierLetter, .otherLetter, .decimalNumber: return true
    default: return false
    }
  }
}

/// `text` in double quotes, control characters escaped, as Go's `%q` shows it.
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
    case "\u{B}": quoted += "\\v"
    case "\u{C}": quoted += "\\f"
    default:
      if scalar.value < 0x20 || scalar.value == 0x7F {
        let digits = String(scalar.value, radix: 16)
        quoted += "\\x" + (digits.utf8.count == 1 ? "0" : "") + digits
      } else {
        quoted.unicodeScalars.append(scalar)
      }
    }
  }
  return quoted + "\""
}
