/// The parts of a reference, by the grammar of the distribution project's reference package.
enum ReferenceGrammar {
  /// Bytes of a path.
  static let pathLimit = 255
  private static let tagLimit = 128

  /// A full image ID, which would be ambiguous as a name.
  static func isIdentifier(_ text: String) -> Bool {
    text.utf8.count == 64 && text.utf8.allSatisfy { isDigit($0) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains($0) }
  }

  /// `host[:port]`, the host a domain name or an IPv6 address in brackets.
  static func isDomain(_ text: String) -> Bool {
    var host = text.utf8[...]
    if let colon = host.lastIndex(of: UInt8(ascii: ":")), host.last != UInt8(ascii: "]") {
      let port = host[host.index(after: colon)...]
      guard !port.isEmpty, port.allSatisfy(isDigit) else { return false }
      host = host[..<colon]
    }
    if host.first == UInt8(ascii: "["), host.last == UInt8(ascii: "]") {
      let address = host.dropFirst().dropLast()
      return !address.isEmpty && address.allSatisfy { isHexadecimal($0) || $0 == UInt8(ascii: ":") }
    }
    return host.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false).allSatisfy { component in
      guard let first = component.first, let last = component.last else { return false }
      return first.isLetterOrDigit && last.isLetterOrDigit
        && component.allSatisfy { $0.isLetterOrDigit || $0 == UInt8(ascii: "-") }
    }
  }

  /// Components between slashes.
  static func isPath(_ text: String) -> Bool {
    text.utf8.split(separator: UInt8(ascii: "/"), omittingEmptySubsequences: false).allSatisfy(isPathComponent)
  }

  /// Lower-case letters and digits, with `.`, `_`, `__` or any number of `-` between them.
  private static func isPathComponent(_ component: Substring.UTF8View) -> Bool {
    guard let first = component.first, let last = component.last, first.isLowercaseOrDigit, last.isLowercaseOrDigit else {
      return false
    }
    return component.split(whereSeparator: \.isLowercaseOrDigit).allSatisfy { separator in
      separator.elementsEqual(".".utf8) || separator.elementsEqual("_".utf8) || separator.elementsEqual("__".utf8)
        || separator.allSatisfy { $0 == UInt8(ascii: "-") }
    }
  }

  /// A letter, digit or `_`, and up to 127 of these, `.` and `-`.
  static func isTag(_ text: String) -> Bool {
    func isWord(_ byte: UInt8) -> Bool { byte.isLetterOrDigit || byte == UInt8(ascii: "_") }
    guard let first = text.utf8.first, isWord(first), text.utf8.count <= tagLimit else { return false }
    return text.utf8.allSatisfy { isWord($0) || $0 == UInt8(ascii: ".") || $0 == UInt8(ascii: "-") }
  }

  private static func isDigit(_ byte: UInt8) -> Bool { (UInt8(ascii: "0")...UInt8(ascii: "9")).contains(byte) }

  private static func isHexadecimal(_ byte: UInt8) -> Bool {
    isDigit(byte) || (UInt8(ascii: "a")...UInt8(ascii: "f")).contains(byte | 0x20)
  }
}
