/// A hardware address of six bytes (IEEE 802).
package struct MACAddress: Hashable, Sendable, CustomStringConvertible {
  package let bytes: [UInt8]

  /// Six two-digit hexadecimal numbers with colons or hyphens between.
  package init?(_ text: String) {
    let parts = text.split(omittingEmptySubsequences: false) { $0 == ":" || $0 == "-" }
    let bytes = parts.compactMap { $0.utf8.count == 2 && $0.first != "+" ? UInt8($0, radix: 16) : nil }
    guard parts.count == 6, bytes.count == 6 else { return nil }
    self.bytes = bytes
  }

  /// The address that goes with an IPv4 address, locally administered, as docker makes it: who has the one has the other, and a
  /// neighbour's ARP cache stays right when an address is given out again.
  package init(for address: IPv4Address) { bytes = [0x02, 0x42] + address.bytes }

  package var description: String {
    bytes.map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined(separator: ":")
  }

  /// Whether it is a group address, which no interface can have.
  package var isMulticast: Bool { bytes[0] & 1 == 1 }
}
