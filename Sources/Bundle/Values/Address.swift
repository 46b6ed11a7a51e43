/// Whether `text` is an IPv4 or an IPv6 address in the forms of RFC 4291, section 2.2.
package func isIPAddress(_ text: String) -> Bool { isIPv4Address(text) || isIPv6Address(text) }

package func isIPv4Address(_ text: String) -> Bool {
  let parts = text.split(separator: ".", omittingEmptySubsequences: false)
  return parts.count == 4
    && parts.allSatisfy { part in
      part.utf8.allSatisfy(isDigit) && (part == "0" || part.first != "0") && UInt8(part) != nil
    }
}

package func isIPv6Address(_ text: String) -> Bool {
  let halves = text.components(separatedBy: "::")
  guard halves.count <= 2 else { return false }
  var count = 0
  for (index, half) in halves.enumerated() where !half.isEmpty {
    let groups = half.split(separator: ":", omittingEmptySubsequences: false)
    for (position, group) in groups.enumerated() {
      let last = index == halves.count - 1 && position == groups.count - 1
      if last, group.contains(".") {
        guard isIPv4Address(String(group)) else { return false }
        count += 2
      } else {
        guard (1...4).contains(group.utf8.count), group.allSatisfy({ $0.isASCII && $0.isHexDigit }) else { return false }
        count += 1
      }
    }
  }
  return halves.count == 2 ? count <= 7 : count == 8
}

/// Six octets in hexadecimal with colons or hyphens between.
package func isHardwareAddress(_ text: String) -> Bool {
  let separator: Character = text.contains("-") ? "-" : ":"
  let octets = text.split(separator: separator, omittingEmptySubsequences: false)
  return octets.count == 6 && octets.allSatisfy { $0.utf8.count == 2 && $0.allSatisfy { $0.isASCII && $0.isHexDigit } }
}

extension String {
  fileprivate func components(separatedBy separator: String) -> [String] {
    var parts: [String] = []
    var rest = self[...]
    while let range = rest.firstRange(of: separator) {
      parts.append(String(rest[..<range.lowerBound]))
      rest = rest[range.upperBound...]
    }
    return parts + [String(rest)]
  }
}
