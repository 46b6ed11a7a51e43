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
        for lease in try LeaseDirectory(self, network).all() where lease.owner == owner && !lease.isService {
          endpoints[network, default: []].append(
            Endpoint(definition, lease.address, lease.macAddress, interface: lease.interface, link: lease.link, store: self))
        }
      }
    }
    try leaveServices(owner)
    let namespaceLives = lives(record)
    for (network, endpoints) in endpoints { try release(endpoints, of: owner, in: network, namespaceLives: namespaceLives) }
    try removeRecord(of: owner)
    if let record { try refreshHosts(of: record, isGone: true) }
    if namespaceLives { try waitUntilGone(from: endpoints.keys) }
  }

  /// Detaches a container from one network.
  package func disconnect(_ owner: String, from network: String) throws(NetworkError) {
    guard let record = try attachments(of: owner), record.endpoints.contains(where: { $0.network == network }) else {
      throw NetworkError(.notFound, "container '\(owner)' is not attached to network '\(network)'")
    }
    try leaveServices(owner, network: network)
    let namespaceLives = lives(record)
    try release(record.endpoints.filter { $0.network == network }, of: owner, in: network, namespaceLives: namespaceLives)
    if namespaceLives { try waitUntilGone(from: [network]) }
    var rest = record
    rest.endpoints.removeAll { $0.network == network }
    try save(rest)
    try refreshHosts(of: record)
  }

  /// Gives addresses back and deletes the links that had them.
  func release(_ own: [Endpoint], of owner: String, in network: String, namespaceLives: Bool) throws(NetworkError) {
    let lock = try lock(network)
    defer { _ = lock }
    var sockets = try NetworkSockets()
    let leases = try LeaseDirectory(self, network)
    // Only its own: the address may have been given to another since.
    for endpoint in own where try leases.lease(endpoint.address)?.owner == owner { try leases.remove(endpoint.address) }
    let links = own.map(\.link)
    guard let definition = try definition(network) else { return try delete(links, &sockets, holding: lock.rawValue) }
    try takeDownIfUnused(definition, leases, deleting: links, &sockets, lock, namespaceLives: namespaceLives)
  }

  /// Deletes `links`, and with the last lease the network's bridge and its place in the table. The caller holds the network's lock.
  func takeDownIfUnused(
    _ definition: NetworkDefinition, _ leases: borrowing LeaseDirectory, deleting links: [String], _ sockets: inout NetworkSockets,
    _ lock: borrowing FileLock, namespaceLives: Bool = false
  ) throws(NetworkError) {
    if try !leases.isInUse(&sockets.route, but: Set(links)) {
      let bridge = BridgeDevice.name(definition.name, in: self)
      let services = try leases.services().map(\.address)
      try BridgeDevice.withdraw(bridge, definition, services: services, &sockets.netfilter)
      for service in services { try leases.remove(service) }
      try delete([bridge], &sockets, holding: lock.rawValue)
    }
    try delete(links, &sockets, holding: namespaceLives ? lock.rawValue : nil)
  }

  /// Lets interfaces be deleted. The kernel makes whoever asks wait until nothing can hold a reference (RCU: 25 ms for a veth pair, 45 for a
  /// bridge), and whoever closes a netfilter socket that has deleted something as well (10 ms): all of that is left to orphans.
  ///
  /// - Parameter lock: held until the interfaces have left the namespace where somebody could come to want their names; nil where nobody can.
  private func delete(_ names: [String], _ sockets: inout NetworkSockets, holding lock: Int32?) throws(NetworkError) {
    try attempting("delete links") { () throws(SystemError) in
      var present: [String] = []
      for name in names where try sockets.route.link(named: name) != nil { present.append(name) }
      if present.isEmpty { return }
      _ = try orphan(keeping: [sockets.netfilter.rawValue] + (lock.map { [$0] } ?? [])) {
        var own = try NetlinkSocket(.route)
        guard lock != nil else {
          for name in present { try? own.perform([.deleteLink(name)]) }
          return
        }
        // They are out of the namespace well before the call that deletes them returns.
        let child = try orphan(keeping: []) {
          var own = try NetlinkSocket(.route)
          for name in present { try? own.perform([.deleteLink(name)]) }
        }
        while !(try child.isReadable(within: 1)) {
          present = try present.filter { try own.link(named: $0) != nil }
          if present.isEmpty { return }
        }
      }
    }
  }

  /// Whether the namespace that a record is about is still there, to be attached anew.
  private func lives(_ record: AttachmentRecord?) -> Bool {
    guard let record, let namespace = try? NetworkNamespace(FilePath(record.namespace)) else { return false }
    return namespace.inode == record.namespaceInode
  }

  /// Waits until links are gone from a namespace that lives on: whoever deletes them holds the lock until then.
  private func waitUntilGone(from networks: some Sequence<String>) throws(NetworkError) {
    for network in networks {
      let lock = try lock(network)
      _ = lock
    }
  }
}
