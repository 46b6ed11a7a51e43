package import Linux

/// What tote has in nftables: one table, the same for every network and port. What differs is in its sets and maps, so that
/// a packet's way through it is as long with 20,000 published ports as with one.
///
/// As nft(8) shows it:
/// ```
/// table ip tote {
///   set subnets      { type ipv4_addr; flags interval }            # of every network
///   set bridges      { type ifname }                               # the device of every network
///   set siblings     { type ifname . ifname }                      # a device and itself: traffic within a network
///   set internal     { type ifname }                               # devices of networks without a way out
///   map published    { type inet_proto . inet_service : ipv4_addr . inet_service }
///   map published_at { type ipv4_addr . inet_proto . inet_service : ipv4_addr . inet_service }
///   set services     { type ipv4_addr }                            # addresses of services
///   set service_entries { type ifname . ipv4_addr }                # and the networks that they are of
///   map service_addresses { type ipv4_addr . mark : ipv4_addr }    # and where a connection's slot leads
///   map round_robin  { type inet_proto . inet_service . mark : ipv4_addr . inet_service }   # and round_robin_at, random, source, …
/// ```
package enum Ruleset {
  package static let table = NetfilterTable("tote")

  package static let subnets = NetfilterSet("subnets", key: [.address], isInterval: true)
  package static let bridges = NetfilterSet("bridges", key: [.interfaceName])
  package static let siblings = NetfilterSet("siblings", key: [.interfaceName, .interfaceName])
  package static let internalBridges = NetfilterSet("internal", key: [.interfaceName])
  /// Ports published on every address of the host.
  package static let published = NetfilterSet("published", key: [.transportProtocol, .port], value: [.address, .port])
  /// Ports published on one address.
  package static let publishedAt = NetfilterSet("published_at", key: [.address, .transportProtocol, .port], value: [.address, .port])

  /// Ports of services: the last field of the key is the slot (``BalancedSlots``) that a new connection has drawn.
  static func balanced(_ balance: ServiceMember.Balance, atAddress: Bool) -> NetfilterSet {
    let name = String(balance.rawValue.map { $0 == "-" ? "_" : $0 })
    return atAddress
      ? NetfilterSet(name + "_at", key: [.address, .transportProtocol, .port, .mark], value: [.address, .port])
      : NetfilterSet(name, key: [.transportProtocol, .port, .mark], value: [.address, .port])
  }

  /// Service addresses, and the slot that a new connection has drawn: the member's address, whatever the port.
  static let serviceAddresses = NetfilterSet("service_addresses", key: [.address, .mark], value: [.address])
  /// A bridge and the service addresses of its network; and those addresses alone.
  static let serviceEntries = NetfilterSet("service_entries", key: [.interfaceName, .address])
  static let services = NetfilterSet("services", key: [.address])

  /// Every map that leads a connection somewhere.
  static let portMaps =
    [published, publishedAt, serviceAddresses]
    + ServiceMember.Balance.allCases.flatMap { [balanced($0, atAddress: true), balanced($0, atAddress: false)] }

  private static let sets = [subnets, bridges, siblings, internalBridges, serviceEntries, services] + portMaps

  private static let chains: [(name: String, hook: NetfilterHook?)] = [
    ("spoofed", NetfilterHook("filter", .prerouting, priority: -300)),
    ("publish", nil),
    ("prerouting", NetfilterHook("nat", .prerouting, priority: -100)),
    ("output", NetfilterHook("nat", .output, priority: -100)),
    ("postrouting", NetfilterHook("nat", .postrouting, priority: 100)),
    ("forward", NetfilterHook("filter", .forward, priority: 0)),
  ]

  // struct iphdr: source at 12, destination at 16; the destination port is at 2 of TCP, UDP and SCTP alike.
  private static let source = NetfilterExpression.payload(.network, offset: 12, length: 4, register: 0)
  private static let destination = NetfilterExpression.payload(.network, offset: 16, length: 4, register: 0)
  private static func fromLoopback(_ offset: UInt32) -> [NetfilterExpression] {
    [.payload(.network, offset: offset, length: 1, register: 0), .compare(register: 0, equal: true, [127])]
  }
  private static let translated: [NetfilterExpression] = [
    .connection(.status, register: 0), .anyBit(register: 0, 0x20),  // IPS_DST_NAT
  ]

  /// A connection draws a slot of the service's port and goes to the member that has it.
  private static let balancing: [(chain: String, steps: [NetfilterExpression])] = ServiceMember.Balance.allCases.flatMap { balance in
    let slots = UInt32(BalancedSlots.count)
    return [true, false].map { atAddress in
      let port: UInt32 = atAddress ? 1 : 0
      let draw: [NetfilterExpression] =
        switch balance {
        case .roundRobin: [.number(random: false, modulus: slots, register: port + 2)]
        case .random: [.number(random: true, modulus: slots, register: port + 2)]
        case .source:
          [
            .payload(.network, offset: 12, length: 4, register: 8),
            .hash(register: 8, length: 4, modulus: slots, value: port + 2),
          ]
        }
      let steps: [NetfilterExpression] =
        (atAddress ? [destination] : []) + [
          .meta(.transportProtocol, register: port), .payload(.transport, offset: 2, length: 2, register: port + 1),
        ] + draw + [
          .map(balanced(balance, atAddress: atAddress).name, register: 0, value: 0), .destinationNAT(address: 0, port: 1),
        ]
      return ("publish", steps)
    }
  }

  private static let rules: [(chain: String, steps: [NetfilterExpression])] =
    [
      // A port published on 127.0.0.1 is nobody's but this host's, and route_localnet on a bridge must not let a container reach the
      // host's own loopback services (CVE-2020-8558): from outside nothing has a loopback address.
      (
        "spoofed",
        [.meta(.inputInterfaceName, register: 0), .compare(register: 0, equal: false, name("lo"))] + fromLoopback(16) + [.verdict(.drop)]
      ),
      (
        "spoofed",
        [.meta(.inputInterfaceName, register: 0), .lookup(set: bridges.name, register: 0, inverted: false)] + fromLoopback(12)
          + [.verdict(.drop)]
      ),
      // A service's address is for this host and its own network.
      (
        "spoofed",
        [
          destination, .lookup(set: services.name, register: 0, inverted: false),
          .meta(.inputInterfaceName, register: 0), .payload(.network, offset: 16, length: 4, register: 4),
          .lookup(set: serviceEntries.name, register: 0, inverted: true), .verdict(.drop),
        ]
      ),
      ("prerouting", toThisHost), ("output", toThisHost),
      (
        "publish",
        [
          destination, .meta(.transportProtocol, register: 1), .payload(.transport, offset: 2, length: 2, register: 2),
          .map(publishedAt.name, register: 0, value: 0), .destinationNAT(address: 0, port: 1),
        ]
      ),
      (
        "publish",
        [
          .meta(.transportProtocol, register: 0), .payload(.transport, offset: 2, length: 2, register: 1),
          .map(published.name, register: 0, value: 0), .destinationNAT(address: 0, port: 1),
        ]
      ),
      (
        "publish",
        [
          destination, .number(random: false, modulus: UInt32(BalancedSlots.count), register: 1),
          .map(serviceAddresses.name, register: 0, value: 0), .destinationNAT(address: 0, port: nil),
        ]
      ),
    ] + balancing + [
      // A container that comes to itself or a sibling by the host's address: the answer must come back this way to be translated back.
      (
        "postrouting",
        translated + [source, .lookup(set: subnets.name, register: 0, inverted: false)] + [
          destination, .lookup(set: subnets.name, register: 0, inverted: false), .masquerade,
        ]
      ),
      ("postrouting", translated + fromLoopback(12) + [.masquerade]),
      (
        "postrouting",
        [
          source, .lookup(set: subnets.name, register: 0, inverted: false), destination,
          .lookup(set: subnets.name, register: 0, inverted: true), .masquerade,
        ]
      ),
      ("forward", [.connection(.state, register: 0), .anyBit(register: 0, 0x6), .verdict(.accept)]),  // established, related
      ("forward", translated + [.verdict(.accept)]),
      (
        "forward",
        [
          .meta(.inputInterfaceName, register: 0), .meta(.outputInterfaceName, register: 4),
          .lookup(set: siblings.name, register: 0, inverted: false), .verdict(.accept),
        ]
      ),
      // What is not published is reached neither from outside nor from another network.
      (
        "forward",
        [.meta(.outputInterfaceName, register: 0), .lookup(set: bridges.name, register: 0, inverted: false), .verdict(.drop)]
      ),
      (
        "forward",
        [.meta(.inputInterfaceName, register: 0), .lookup(set: internalBridges.name, register: 0, inverted: false), .verdict(.drop)]
      ),
    ]

  private static let toThisHost: [NetfilterExpression] = [
    .destinationType(register: 0), .compare(register: 0, equal: true, [2, 0, 0, 0]),  // RTN_LOCAL, in host byte order
    .verdict(.jump("publish")),
  ]

  /// An interface's name as nf_tables compares it: 16 bytes, zeros behind.
  static func name(_ interface: String) -> [UInt8] {
    let bytes = Array(interface.utf8.prefix(15))
    return bytes + [UInt8](repeating: 0, count: 16 - bytes.count)
  }

  /// The transaction that makes the table, empty. `comment` is kept in it.
  package static func creation(comment: String) -> [NetlinkRequest] {
    [table.create(comment: comment)]
      + sets.enumerated().map { index, set in table.addSet(set, identifier: UInt32(index + 1)) }
      + chains.map { table.addChain($0.name, hook: $0.hook) }
      + rules.map { table.addRule($0.chain, $0.steps) }
  }
}
