/// The long form of `-p`: `target=80,published=8080,protocol=tcp,mode=host`, turned into the short one as docker's CLI does it.
extension PortSpecification {
  /// Docker's test is for `\w+=\w+(,\w+=\w+)*` anywhere in the text, which any text with `=` between two word characters meets.
  static func isLongForm(_ text: String) -> Bool {
    let bytes = Array(text.utf8)
    func isWord(_ byte: UInt8) -> Bool {
      (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) || byte == UInt8(ascii: "_")
    }
    return bytes.indices.dropFirst().dropLast().contains {
      bytes[$0] == UInt8(ascii: "=") && isWord(bytes[$0 - 1]) && isWord(bytes[$0 + 1])
    }
  }

  static func shortForm(_ text: String) throws(NetworkError) -> String {
    var target: UInt16 = 0
    var published: UInt16 = 0
    var transport = "tcp"
    for field in text.split(separator: ",", omittingEmptySubsequences: false) {
      let parts = field.lowercased().split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard parts.count == 2, !parts[0].isEmpty else { throw NetworkError(.invalid, "invalid field \(field)") }
      let value = parts[1]
      switch parts[0] {
      case "target": target = try number(value, "target")
      case "published": published = try number(value, "published")
      case "protocol":
        guard TransportProtocol(rawValue: value) != nil else { throw NetworkError(.invalid, "invalid protocol value \(value)") }
        transport = value
      case "mode":
        guard value == "host" || value == "ingress" else { throw NetworkError(.invalid, "invalid publish mode value \(value)") }
      default: throw NetworkError(.invalid, "invalid field key \(parts[0])")
      }
    }
    if target == 0 { throw NetworkError(.invalid, "missing mandatory field \"target\"") }
    return "\(published):\(target)/\(transport)"
  }

  private static func number(_ text: String, _ field: String) throws(NetworkError) -> UInt16 {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else {
      throw NetworkError(.invalid, "invalid \(field) port (\(text)): value must be an integer: invalid syntax")
    }
    guard let value = UInt16(text) else {
      throw NetworkError(.invalid, "invalid \(field) port (\(text)): value must be an integer: value out of range")
    }
    return value
  }
}
