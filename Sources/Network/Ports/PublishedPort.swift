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
  /// The host's address that it is published on; ``HostAddress/any`` for every one of IPv4.
  package var hostAddress: HostAddress
  /// 1...65535
  package var hostPort: UInt16
  /// The container's address and port.
  package var address: IPv4Address
  package var containerPort: UInt16
  /// The container's id, or whoever published it.
  package var owner: String
  /// Its part in a service; nil where the owner has the port for itself.
  package var member: ServiceMember?
  /// Whether all of it goes through the process that keeps it, so that the host's INPUT rules decide who may come.
  package var isRelayed = false

  package init(
    _ transport: TransportProtocol, host hostAddress: HostAddress, _ hostPort: UInt16, to address: IPv4Address, _ containerPort: UInt16,
    owner: String, member: ServiceMember? = nil
  ) {
    self.transport = transport
    self.hostAddress = hostAddress
    self.hostPort = hostPort
    self.address = address
    self.containerPort = containerPort
    self.owner = owner
    self.member = member
  }

  /// Whether it is all ports of a service's address, as ``NetworkStore/members()`` has them.
  var isServiceAddress: Bool { hostPort == 0 }

  /// Whether a packet could be meant for either.
  package func overlaps(_ other: PublishedPort) -> Bool {
    transport == other.transport && hostPort == other.hostPort
      && hostAddress.isIPv4 == other.hostAddress.isIPv4
      && (hostAddress == other.hostAddress || hostAddress.isAny || other.hostAddress.isAny)
  }

  /// Whether both are the same port of the same service.
  package func isShared(with other: PublishedPort) -> Bool {
    guard let member, let theirs = other.member else { return false }
    return member.service == theirs.service && transport == other.transport && hostPort == other.hostPort
      && hostAddress == other.hostAddress && owner != other.owner
  }

  private var key: [UInt8] { (hostAddress == .any ? [] : hostAddress.bytes) + [transport.number, 0, 0, 0] + Self.bytes(hostPort) }
  private var value: [UInt8] { address.bytes + Self.bytes(containerPort) }

  /// The element of a port that its owner has for itself, and the map that holds it.
  private var element: (map: NetfilterSet, element: NetfilterElement) {
    (hostAddress == .any ? Ruleset.published : Ruleset.publishedAt, NetfilterElement(key: key, value: value))
  }

  /// The slots of a service's port. The member that came last says how it is balanced.
  private static func slots(_ members: [PublishedPort]) -> [(map: NetfilterSet, element: NetfilterElement)] {
    guard let port = members.last, let balance = port.member?.balance else { return [] }
    let isAddress = port.isServiceAddress
    let map = isAddress ? Ruleset.serviceAddresses : Ruleset.balanced(balance, atAddress: port.hostAddress != .any)
    let key = isAddress ? port.hostAddress.bytes : port.key
    let ready = members.filter { $0.member?.weight ?? 0 > 0 }
    return BalancedSlots.assign(ready, balance).enumerated().map { slot, member in
      // A number in a register is in host byte order.
      let number = unsafe withUnsafeBytes(of: UInt32(slot)) { unsafe Array($0) }
      return (map, NetfilterElement(key: key + number, value: isAddress ? member.address.bytes : member.value))
    }
  }

  private struct ServicePort: Hashable {
    let transport: TransportProtocol
    let address: HostAddress
    let port: UInt16
  }

  /// A port as nf_tables holds it: two bytes, most significant first, padded to four.
  private static func bytes(_ port: UInt16) -> [UInt8] { [UInt8(port >> 8), UInt8(port & 0xff), 0, 0] }

  /// The elements that these ports have in the table's maps; those of IPv6, and relayed ones, have none.
  static func elements(_ ports: [PublishedPort]) -> [(map: NetfilterSet, elements: [NetfilterElement])] {
    let ports = ports.filter { $0.hostAddress.isIPv4 && !$0.isRelayed }
    var all = ports.filter { $0.member == nil }.map(\.element)
    let shared = Dictionary(grouping: ports.filter { $0.member != nil }) {
      ServicePort(transport: $0.transport, address: $0.hostAddress, port: $0.hostPort)
    }
    for members in shared.values { all += slots(members) }
    return Ruleset.portMaps.compactMap { map in
      let elements = all.filter { $0.map.name == map.name }.map(\.element)
      return elements.isEmpty ? nil : (map, elements)
    }
  }

  package var json: JSONValue {
    var value: JSONValue = [
      "protocol": .string(transport.rawValue), "hostIP": .string("\(hostAddress)"), "hostPort": .integer(hostPort),
      "host": .string(hostAddress.with(port: hostPort)),
      "address": .string("\(address)"), "containerPort": .integer(containerPort), "owner": .string(owner),
    ]
    if let member {
      value["service"] = .string(member.service)
      value["balance"] = .string(member.balance.rawValue)
      value["weight"] = .integer(member.weight)
    }
    if isRelayed { value["relayed"] = true }
    return value
  }
}
