/// An IPv4 address (RFC 791).
package struct IPv4Address: Hashable, Comparable, Sendable, CustomStringConvertible {
  package let rawValue: UInt32
  package init(rawValue: UInt32) { self.rawValue = rawValue }

  package static let any = IPv4Address(rawValue: 0)

  /// Four decimal numbers with dots between; leading zeros are refused, since some programs take them for octal.
  package init?(_ text: some StringProtocol) {
    let parts = text.utf8.split(separator: UInt8(ascii: "."), omittingEmptySubsequences: false)
    guard parts.count == 4 else { return nil }
    var value: UInt32 = 0
    for part in parts {
      guard (1...3).contains(part.count), part.allSatisfy({ (48...57).contains($0) }), part.count == 1 || part.first != 48 else {
        return nil
      }
      let number = part.reduce(0) { $0 * 10 + UInt32($1 - 48) }
      guard number < 256 else { return nil }
      value = value << 8 | number
    }
    rawValue = value
  }

  /// Four bytes, most significant first.
  package init?(bytes: some Collection<UInt8>) {
    guard bytes.count == 4 else { return nil }
    rawValue = bytes.reduce(0) { $0 << 8 | UInt32($1) }
  }

  package var bytes: [UInt8] { [24, 16, 8, 0].map { UInt8(truncatingIfNeeded: rawValue >> $0) } }
  package var description: String { bytes.map(String.init).joined(separator: ".") }
  package var isLoopback: Bool { rawValue >> 24 == 127 }

  package static func < (a: IPv4Address, b: IPv4Address) -> Bool { a.rawValue < b.rawValue }
}

/// A block of IPv4 addresses in CIDR notation (RFC 4632): `172.30.0.0/16`.
package struct IPv4Subnet: Hashable, Sendable, CustomStringConvertible {
  /// The first address of the block.
  package let address: IPv4Address
  /// 0...32
  package let prefixLength: Int

  package init(_ address: IPv4Address, prefixLength: Int) {
    self.prefixLength = prefixLength
    self.address = IPv4Address(rawValue: address.rawValue & Self.mask(prefixLength))
  }

  /// Bits behind the prefix must be zero.
  package init?(_ text: some StringProtocol) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false)
    guard parts.count == 2, let address = IPv4Address(parts[0]), let length = Int(parts[1]), (0...32).contains(length),
      parts[1].utf8.allSatisfy({ (48...57).contains($0) })
    else { return nil }
    self.init(address, prefixLength: length)
    if self.address != address { return nil }
  }

  private static func mask(_ length: Int) -> UInt32 { length == 0 ? 0 : UInt32.max << (32 - length) }

  /// The last address, which is the broadcast address of a subnet with more than two.
  package var last: IPv4Address { IPv4Address(rawValue: address.rawValue | ~Self.mask(prefixLength)) }
  package var description: String { "\(address)/\(prefixLength)" }

  package func contains(_ other: IPv4Address) -> Bool { other.rawValue & Self.mask(prefixLength) == address.rawValue }
  package func overlaps(_ other: IPv4Subnet) -> Bool { contains(other.address) || other.contains(address) }

  /// The addresses that hosts may have, first to last: without network and broadcast address.
  package var hosts: ClosedRange<UInt32>? {
    guard prefixLength <= 30 else { return nil }
    return address.rawValue + 1...last.rawValue - 1
  }
}
