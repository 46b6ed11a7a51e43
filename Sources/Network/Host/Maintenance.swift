internal import Linux
internal import SystemPackage

extension NetworkStore {
  /// Makes a network.
  package func create(
    _ name: String, subnet: IPv4Subnet?, gateway: IPv4Address?, isInternal: Bool, mtu: UInt32?, labels: [String: String],
    range: IPv4Subnet? = nil, reserved: [String: IPv4Address] = [:]
  ) throws(NetworkError) -> NetworkDefinition {
    guard isValidName(name) else { throw NetworkError(.invalid, "invalid network name '\(name)'") }
    if ["host", "none", "container"].contains(name) { throw NetworkError(.invalid, "network name '\(name)' is reserved") }
    // One at a time: each must see the subnets of the others.
    let all = try attempting("networks") { () throws(SystemError) in
      try makeDirectories(networks)
      return try FileLock(networks.appending(".lock"), .exclusive)
    }
    defer { _ = all }
    if try definition(name) != nil { throw NetworkError(.conflict, "network with name \(name) already exists") }
    var sockets = try NetworkSockets()
    let chosen: IPv4Subnet
    if let subnet {
      guard subnet.hosts != nil else { throw NetworkError(.invalid, "subnet \(subnet) has no room for containers") }
      for other in try networkNames() {
        if let other = try definition(other), other.subnet.overlaps(subnet) {
          throw NetworkError(.conflict, "subnet \(subnet) overlaps with \(other.subnet) of network '\(other.name)'")
        }
      }
      chosen = subnet
    } else {
      chosen = try chooseSubnet(&sockets.route, for: name)
    }
    if let gateway, !chosen.contains(gateway) || gateway == chosen.address || gateway == chosen.last {
      throw NetworkError(.invalid, "gateway \(gateway) is no host of subnet \(chosen)")
    }
    if let range, !chosen.contains(range.address) || !chosen.contains(range.last) {
      throw NetworkError(.invalid, "range \(range) is not within subnet \(chosen)")
    }
    for (label, address) in reserved where !chosen.contains(address) {
      throw NetworkError(.invalid, "address \(address) of '\(label)' is not within subnet \(chosen)")
    }
    var definition = NetworkDefinition(
      name: name, subnet: chosen, gateway: gateway, isAutomatic: subnet == nil && gateway == nil, isInternal: isInternal, mtu: mtu,
      labels: labels)
    definition.range = range
    definition.reserved = reserved
    try save(definition)
    return definition
  }

  /// Removes a network that nothing is attached to.
  package func remove(_ name: String) throws(NetworkError) {
    if name == NetworkDefinition.defaultName {
      throw NetworkError(.conflict, "\(name) is a pre-defined network and cannot be removed")
    }
    guard let definition = try definition(name) else { throw NetworkError(.notFound, "network \(name) not found") }
    let lock = try lock(name)
    defer { _ = lock }
    var sockets = try NetworkSockets()
    let leases = try LeaseDirectory(self, name)
    if try leases.isInUse(&sockets.route) {
      throw NetworkError(.conflict, "network \(name) id \(definition.identifier) has active endpoints")
    }
    try takeDownIfUnused(definition, leases, deleting: [], &sockets, lock)
    try attempting("network '\(name)'") { () throws(SystemError) in try removeTree(directory(name)) }
  }

  /// Whether something is attached to the network.
  package func isInUse(_ name: String) throws(NetworkError) -> Bool {
    let lock = try lock(name)
    defer { _ = lock }
    var sockets = try NetworkSockets()
    return try LeaseDirectory(self, name).isInUse(&sockets.route)
  }

  /// Takes back what containers have left that went without a word: leases, records, ports, and with the last of a network its bridge.
  /// Returns the containers that were found gone.
  package func collect() throws(NetworkError) -> [String] {
    var sockets = try NetworkSockets()
    var gone: [String] = []
    for owner in try owners() {
      guard let record = try attachments(of: owner), try !record.hasLinks(&sockets.route) else { continue }
      try withdraw(owner)
      try detach(owner)
      gone.append(owner)
    }
    for name in try networkNames() {
      guard let definition = try definition(name) else { continue }
      let lock = try lock(name)
      defer { _ = lock }
      try takeDownIfUnused(definition, try LeaseDirectory(self, name), deleting: [], &sockets, lock)
    }
    try Upkeep.removeTableIfUnused(&sockets.netfilter)
    return gone
  }
}
