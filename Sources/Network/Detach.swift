internal import Linux
internal import SystemPackage

extension NetworkStore {
  /// Detaches a container from every network: addresses free, links gone, and what nobody needs any more gone with them. The namespace
  /// need not be there, nor anything else: what is gone already is no error.
  package func detach(_ owner: String) throws(NetworkError) {
    guard isValidName(owner) else { throw NetworkError(.invalid, "invalid container id '\(owner)'") }
    var links: [String: [Lease]] = [:]
    if let record = try attachments(of: owner) {
      for endpoint in record.endpoints {
        links[endpoint.network, default: []].append(
          Lease(
            address: endpoint.address, owner: owner, macAddress: endpoint.macAddress, link: endpoint.link, interface: endpoint.interface))
      }
    } else {
      // The record goes with a reboot or a crash half-way through attach; the leases tell as well.
      for network in try networkNames() {
        let own = try LeaseDirectory(self, network).all().filter { $0.owner == owner }
        if !own.isEmpty { links[network] = own }
      }
    }
    for (network, leases) in links { try release(leases, of: owner, in: network) }
    try removeRecord(of: owner)
  }

  private func release(_ own: [Lease], of owner: String, in network: String) throws(NetworkError) {
    let lock = try lock(network)
    defer { _ = lock }
    var route = try attempting("netlink") { () throws(SystemError) in try NetlinkSocket(.route) }
    var netfilter = try attempting("netlink") { () throws(SystemError) in try NetlinkSocket(.netfilter) }
    let leases = try LeaseDirectory(self, network)
    // Only its own: the address may have been given to another since.
    for lease in own where try leases.lease(lease.address)?.owner == owner { try leases.remove(lease.address) }
    guard let definition = try definition(network) else {
      return try delete(own.map(\.link), &route, &netfilter)
    }
    try takeDownIfUnused(definition, leases, deleting: own.map(\.link), &route, &netfilter)
  }

  /// Deletes `links`, and with the last lease the network's bridge and its place in the table. The caller holds the network's lock.
  func takeDownIfUnused(
    _ definition: NetworkDefinition, _ leases: borrowing LeaseDirectory, deleting links: [String], _ route: inout NetlinkSocket,
    _ netfilter: inout NetlinkSocket
  ) throws(NetworkError) {
    var doomed = links
    if try !leases.isInUse(&route, but: Set(links)) {
      let bridge = BridgeDevice.name(definition.name, in: self)
      try BridgeDevice.withdraw(bridge, definition, &netfilter)
      doomed.append(bridge)
    }
    try delete(doomed, &route, &netfilter)
  }

  /// Deletes interfaces. The kernel makes whoever asks wait until nothing can hold a reference (an RCU barrier, 10 to 35 ms), long after
  /// the interface has left the namespace: that wait, and the one at the end of a netfilter socket that has deleted something, are left
  /// to an orphan.
  private func delete(_ names: [String], _ route: inout NetlinkSocket, _ netfilter: inout NetlinkSocket) throws(NetworkError) {
    try attempting("delete links") { () throws(SystemError) in
      let present = try present(names, &route)
      let child = try orphan(keeping: netfilter.rawValue) {
        if present.isEmpty { return }
        var own = try NetlinkSocket(.route)
        for name in present { try? own.perform([.deleteLink(name)]) }
      }
      var left = present
      while !left.isEmpty, try !child.isReadable(within: 1) { left = try self.present(left, &route) }
      // The orphan has ended: what is still there could not be deleted.
      left = try self.present(left, &route)
      if !left.isEmpty { try route.perform(left.map { .deleteLink($0) }) }
    }
  }

  private func present(_ names: [String], _ route: inout NetlinkSocket) throws(SystemError) -> [String] {
    var found: [String] = []
    for name in names where try route.link(named: name) != nil { found.append(name) }
    return found
  }
}
