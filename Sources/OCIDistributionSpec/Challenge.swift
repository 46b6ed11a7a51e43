/// One challenge of a `WWW-Authenticate` header (RFC 9110 section 11.6.1): `Bearer realm="…",service="…",scope="…"`.
package struct Challenge: Equatable, Sendable {
  /// In lower case: `basic`, `bearer`.
  package var scheme: String
  /// Names in lower case.
  package var parameters: [String: String] = [:]

  package init(scheme: String, parameters: [String: String] = [:]) {
    self.scheme = scheme
    self.parameters = parameters
  }

  /// Every challenge of a header's value. What cannot be read ends the list: a registry's header is input like any other.
  package static func parse(_ header: String) -> [Challenge] {
    var scanner = Scanner(header)
    var challenges: [Challenge] = []
    while true {
      scanner.skip { $0 == " " || $0 == "\t" || $0 == "," }
      guard let word = scanner.token() else { return challenges }
      if scanner.peek == "=", !challenges.isEmpty {
        scanner.next()
        guard let value = scanner.value() else { return challenges }
        challenges[challenges.count - 1].parameters[word.lowercased()] = value
      } else {
        challenges.append(Challenge(scheme: word.lowercased()))
      }
    }
  }

  private struct Scanner {
    private var rest: ArraySlice<UInt8>
    init(_ text: String) { rest = ArraySlice(text.utf8) }

    var peek: Character? { rest.first.map { Character(Unicode.Scalar($0)) } }
    mutating func next() { rest = rest.dropFirst() }
    mutating func skip(_ isSkipped: (Character) -> Bool) { while let character = peek, isSkipped(character) { next() } }

    /// token (RFC 9110 section 5.6.2).
    mutating func token() -> String? {
      var bytes: [UInt8] = []
      while let byte = rest.first, byte > 0x20, byte < 0x7f, !"\"(),/:;<=>?@[\\]{}".utf8.contains(byte) {
        bytes.append(byte)
        next()
      }
      return bytes.isEmpty ? nil : String(decoding: bytes, as: UTF8.self)
    }

    /// token or quoted-string (RFC 9110 section 5.6.4).
    mutating func value() -> String? {
      guard peek == "\"" else { return token() }
      next()
      var bytes: [UInt8] = []
      while let byte = rest.first {
        next()
        switch byte {
        case UInt8(ascii: "\""): return String(decoding: bytes, as: UTF8.self)
        case UInt8(ascii: "\\"):
          guard let escaped = rest.first else { return nil }
          bytes.append(escaped)
          next()
        default: bytes.append(byte)
        }
      }
      return nil
    }
  }
}
