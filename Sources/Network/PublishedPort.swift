package import JSON
internal import Linux

/// A transport protocol that ports are published for.
package enum TransportProtocol: String, Sendable, CaseIterable {
  case tcp, udp, sctp

  /// Its number in an IP header (IANA).
  package var number: UInt8 {
    switch self {
    case .tcp: 6
    case .udp: 17
    case .sctp: 132
    }
  }
}

/// A port of this host that leads to a port of a container.
package struct PublishedPort: Hashable, Sendable {
  package var transport: TransportProtocol
  /// The host's address that it is published on; ``IPv4Address/any`` for every one.
  package var hostAddress: IPv4Address
  /// 1...65535
  package var hostPort: UInt16
  /// The container's address and port.
  package var address: IPv4Address
  package var containerPort: UInt16
  /// The container's id, or whoever published it.
  package var owner: String

  package init(
    _ transport: TransportProtocol, host hostAddress: IPv4Address, _ hostPort: UInt16, to address: IPv4Address, _ containerPort: UInt16,
    owner: String
  ) {
    self.transport = transport
    self.hostAddress = hostAddress
    self.hostPort = hostPort
    self.address = address
    self.containerPort = containerPort
    self.owner = owner
  }

  /// Whether a packet could be meant for either.
  package func overlaps(_ other: PublishedPort) -> Bool {
    transport == other.transport && hostPort == other.hostPort
      && (hostAddress == other.hostAddress || hostAddress == .any || other.hostAddress == .any)
  }

  /// Its element in the table, and the map that holds it.
  private var element: (map: NetfilterSet, element: NetfilterElement) {
    let key = [transport.number, 0, 0, 0] + Self.bytes(hostPort)
    let value = address.bytes + Self.bytes(containerPort)
    if hostAddress == .any { return (Ruleset.published, NetfilterElement(key: key, value: value)) }
    return (Ruleset.publishedAt, NetfilterElement(key: hostAddress.bytes + key, value: value))
  }

  /// A port as nf_tables holds it: two bytes, most significant first, padded to four.
  private static func bytes(_ port: UInt16) -> [UInt8] { [UInt8(port >> 8), UInt8(port & 0xff), 0, 0] }

  /// The elements that these ports have in the table's maps.
  static func elements(_ ports: [PublishedPort]) -> [(map: NetfilterSet, elements: [NetfilterElement])] {
    let all = ports.map(\.element)
    return [Ruleset.published, Ruleset.publishedAt].compactMap { map in
      let elements = all.filter { $0.map.name == map.name }.map(\.element)
      return elements.isEmpty ? nil : (map, elements)
    }
  }

  package var json: JSONValue {
    [
      "protocol": .string(transport.rawValue), "hostIP": .string("\(hostAddress)"), "hostPort": .integer(hostPort),
      "address": .string("\(address)"), "containerPort": .integer(containerPort), "owner": .string(owner),
    ]
  }
}
