/// An address of this host that a port is published on. The two families are apart: who wants both publishes twice.
package enum HostAddress: Hashable, Sendable, CustomStringConvertible {
  /// Translated in the kernel.
  case ipv4(IPv4Address)
  /// Answered by a process that relays to the container's IPv4 address: there is no translation between the families, and none of ::1.
  case ipv6(IPv6Address)

  package static let any = HostAddress.ipv4(.any)
  package static let anyIPv6 = HostAddress.ipv6(.any)

  package init?(_ text: some StringProtocol) {
    if let address = IPv4Address(text) {
      self = .ipv4(address)
    } else if let address = IPv6Address(text) {
      self = .ipv6(address)
    } else {
      return nil
    }
  }

  /// 4 or 16, most significant first.
  var bytes: [UInt8] {
    switch self {
    case .ipv4(let address): address.bytes
    case .ipv6(let address): address.bytes
    }
  }

  package var isIPv4: Bool { if case .ipv4 = self { true } else { false } }
  package var isAny: Bool { bytes.allSatisfy { $0 == 0 } }
  package var description: String {
    switch self {
    case .ipv4(let address): "\(address)"
    case .ipv6(let address): "\(address)"
    }
  }

  /// With a port behind it: `0.0.0.0:4000`, `[::]:4000`.
  package func with(port: some CustomStringConvertible) -> String { isIPv4 ? "\(self):\(port)" : "[\(self)]:\(port)" }
}
