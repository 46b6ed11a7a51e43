internal import Linux
internal import SystemPackage

extension NetworkStore {
  /// Detaches a container from every network: addresses free, links gone, and what nobody needs any more gone with them. The namespace
  /// need not be there, nor anything else: what is gone already is no error.
  package func detach(_ owner: String) throws(NetworkError) {
    guard isValidName(owner) else { throw NetworkError(.invalid, "invalid container id '\(owner)'") }
    var endpoints: [String: [Endpoint]] = [:]
    let record = try attachments(of: owner)
    if let record {
      endpoints = Dictionary(grouping: record.endpoints, by: \.network)
    } else {
      // The record goes with a reboot or a crash half-way through attach; the leases tell as well.
      for network in try networkNames() {
        guard let definition = try definition(network) else { continue }
        for lease in try LeaseDirectory(self, network).all() where lease.owner == owner {
          endpoints[network, default: []].append(
            Endpoint(definition, lease.address, lease.macAddress, interface: lease.interface, link: lease.link, store: self))
        }
      }
    }
    for (network, endpoints) in endpoints { try release(endpoints, of: owner, in: network) }
    try removeRecord(of: owner)
    if let record { try refreshHosts(of: record, isGone: true) }
  }

  /// Detaches a container from one network.
  package func disconnect(_ owner: String, from network: String) throws(NetworkError) {
    guard let record = try attachments(of: owner), record.endpoints.contains(where: { $0.network == network }) else {
      throw NetworkError(.notFound, "container '\(owner)' is not attached to network '\(network)'")
    }
    try release(record.endpoints.filter { $0.network == network }, of: owner, in: network)
    var rest = record
    rest.endpoints.removeAll { $0.network == network }
    try save(rest)
    try refreshHosts(of: record)
  }

  /// Gives addresses back and deletes the links that had them.
  func release(_ own: [Endpoint], of owner: String, in network: String) throws(NetworkError) {
    let lock = try lock(network)
    defer { _ = lock }
    var sockets = try NetworkSockets()
    let leases = try LeaseDirectory(self, network)
    // Only its own: the address may have been given to another since.
    for endpoint in own where try leases.lease(endpoint.address)?.owner == owner { try leases.remove(endpoint.address) }
    guard let definition = try definition(network) else { return try delete(own.map(\.link), &sockets) }
    try takeDownIfUnused(definition, leases, deleting: own.map(\.link), &sockets)
  }

  /// Deletes `links`, and with the last lease the network's bridge and its place in the table. The caller holds the network's lock.
  func takeDownIfUnused(
    _ definition: NetworkDefinition, _ leases: borrowing LeaseDirectory, deleting links: [String],
    _ sockets: inout NetworkSockets
  ) throws(NetworkError) {
    var doomed = links
    if try !leases.isInUse(&sockets.route, but: Set(links)) {
      let bridge = BridgeDevice.name(definition.name, in: self)
      try BridgeDevice.withdraw(bridge, definition, &sockets.netfilter)
      doomed.append(bridge)
    }
    try delete(doomed, &sockets)
  }

  /// Deletes interfaces. The kernel makes whoever asks wait until nothing can hold a reference (an RCU barrier, 10 to 35 ms), long after
  /// the interface has left the namespace: that wait, and the one at the end of a netfilter socket that has deleted something, are left
  /// to an orphan.
  private func delete(_ names: [String], _ sockets: inout NetworkSockets) throws(NetworkError) {
    try attempting("delete links") { () throws(SystemError) in
      let present = try present(names, &sockets.route)
      let child = try orphan(keeping: sockets.netfilter.rawValue) {
        if present.isEmpty { return }
        var own = try NetlinkSocket(.route)
        for name in present { try? own.perform([.deleteLink(name)]) }
      }
      var left = present
      while !left.isEmpty, try !child.isReadable(within: 1) { left = try self.present(left, &sockets.route) }
      // The orphan has ended: what is still there could not be deleted.
      left = try self.present(left, &sockets.route)
      if !left.isEmpty { try sockets.route.perform(left.map { .deleteLink($0) }) }
    }
  }

  private func present(_ names: [String], _ route: inout NetlinkSocket) throws(SystemError) -> [String] {
    var found: [String] = []
    for name in names where try route.link(named: name) != nil { found.append(name) }
    return found
  }
}
