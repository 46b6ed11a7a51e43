internal import Linux

/// An IPv6 address (RFC 4291).
package struct IPv6Address: Hashable, Sendable, CustomStringConvertible {
  /// 16, most significant first.
  package let bytes: [UInt8]

  package static let any = IPv6Address(bytes: [UInt8](repeating: 0, count: 16))

  private init(bytes: [UInt8]) { self.bytes = bytes }

  /// As RFC 4291 writes it, without a zone.
  package init?(_ text: some StringProtocol) {
    guard let bytes = ipv6Address(parsing: String(text)) else { return nil }
    self.bytes = bytes
  }

  package var description: String { ipv6Text(bytes) }
}
