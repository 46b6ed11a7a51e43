internal import Linux
internal import SystemPackage

extension NetworkStore {
  /// Makes a container a member of the services of a network that it is attached to: each name leads to one address, whose connections are
  /// spread over its members. The address is the network's as long as its bridge is there, whatever members come and go. The caller holds
  /// the network's lock.
  ///
  /// - Returns: each name's address.
  func join(
    _ names: [String], _ definition: NetworkDefinition, bridge: Int32, _ owner: String, at address: IPv4Address,
    _ leases: borrowing LeaseDirectory, _ sockets: inout NetworkSockets
  ) throws(NetworkError) -> [String: IPv4Address] {
    if names.isEmpty { return [:] }
    var addresses: [String: IPv4Address] = [:]
    let device = BridgeDevice.name(definition.name, in: self)
    let known = try leases.services()
    for name in names {
      guard isValidName(name) else { throw NetworkError(.invalid, "invalid service name '\(name)'") }
      if let lease = known.first(where: { $0.owner == name }) {
        addresses[name] = lease.address
        continue
      }
      let chosen = try leases.choose(nil, for: definition, &sockets.route)
      try leases.write(Lease(service: name, chosen, bridge: device))
      try attempting("service '\(name)'") { () throws(SystemError) in
        try sockets.route.perform([.addAddress(chosen.bytes, prefixLength: 32, interface: bridge)])
        for (set, elements) in Upkeep.elements(services: [chosen], bridge: device) {
          try sockets.netfilter.transact(Ruleset.table.addElements(elements, to: set, exclusive: false))
        }
      }
      addresses[name] = chosen
    }
    let members = addresses.sorted { $0.key < $1.key }.map { name, service in
      PublishedPort(
        .tcp, host: .ipv4(service), 0, to: address, 0, owner: owner, member: ServiceMember("\(definition.name)/\(name)", weight: 0))
    }
    try change(&sockets.netfilter) { $0 + members }
    return addresses
  }

  /// Takes a container out of the services of a network, or of all.
  func leaveServices(_ owner: String, network: String? = nil) throws(NetworkError) {
    func isMeant(_ member: PublishedPort) -> Bool {
      member.owner == owner && network.map { member.member?.service.hasPrefix($0 + "/") == true } != false
    }
    if try !members().contains(where: isMeant) { return }
    var netfilter = try attempting("netlink") { () throws(SystemError) in try NetlinkSocket(.netfilter) }
    try change(&netfilter) { $0.filter { !isMeant($0) } }
    // Whoever has deleted elements waits for an RCU grace period when the socket is closed.
    _ = try? orphan(keeping: [netfilter.rawValue]) {}
  }

  private func change(
    _ netfilter: inout NetlinkSocket, _ body: ([PublishedPort]) -> [PublishedPort]
  ) throws(NetworkError) {
    let table = memberTable
    let lock = try table.lock()
    defer { _ = lock }
    let existing = try table.read()
    let changed = body(existing)
    try table.write(changed)
    try apply(PortTransition(from: existing, to: changed), &netfilter)
  }

  /// Leaves a process behind that lets a container take part in its services when something in it waits for connections: a member that
  /// does not answer yet gets none. Without a word from it for half a minute it takes part all the same.
  func joinWhenListening(_ owner: String, process: Int32?) throws(NetworkError) {
    guard let process else {
      try setWeight(1, of: owner, in: memberTable)
      return
    }
    try attempting("wait for container") { () throws(SystemError) in
      let alive = try openProcess(process)
      _ = try orphan(keeping: [alive.rawValue]) {
        try ProcessAttributes.startSession()
        var waited: Int32 = 0
        while waited < 30_000, !hasListener(process) {
          let pause = min(max(waited / 10, 2), 250)
          if try alive.isReadable(within: pause) { return }
          waited += pause
        }
        try setWeight(1, of: owner, in: memberTable)
      }
    }
  }
}

/// Whether any socket of a process' network namespace waits for connections or datagrams.
private func hasListener(_ process: Int32) -> Bool {
  [TransportProtocol.tcp, .udp].contains { transport in
    ["", "6"].contains { family in
      guard let table = try? readFile(FilePath("/proc/\(process)/net/\(transport.rawValue)\(family)")) else { return false }
      return SocketOwner.hasListener(String(decoding: table, as: UTF8.self), transport)
    }
  }
}
