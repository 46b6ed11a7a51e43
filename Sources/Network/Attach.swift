internal import Linux
package import SystemPackage

/// What a container wants of one network.
package struct EndpointRequest: Sendable {
  package var network: String
  package var address: IPv4Address?
  package var macAddress: MACAddress?
  package var aliases: [String]

  package init(network: String, address: IPv4Address? = nil, macAddress: MACAddress? = nil, aliases: [String] = []) {
    self.network = network
    self.address = address
    self.macAddress = macAddress
    self.aliases = aliases
  }
}

extension NetworkStore {
  /// Attaches the namespace at `namespacePath` to networks, all or none: for each a veth pair, an address, the default route by the first
  /// that leads out. `interface` is the first one's name in the container; the next counts on from it.
  package func attach(
    _ owner: String, namespacePath: FilePath, _ requests: [EndpointRequest], interface: String = "eth0", hostname: String? = nil,
    hosts: FilePath? = nil
  ) throws(NetworkError) -> AttachmentRecord {
    guard isValidName(owner) else { throw NetworkError(.invalid, "invalid container id '\(owner)'") }
    let namespace = try NetworkNamespace(namespacePath)
    var route = try attempting("netlink") { () throws(SystemError) in try NetlinkSocket(.route) }
    var netfilter = try attempting("netlink") { () throws(SystemError) in try NetlinkSocket(.netfilter) }
    try refuseSecondAttachment(owner, &route)
    var record = AttachmentRecord(owner: owner, endpoints: [])
    do throws(NetworkError) {
      var definitions: [NetworkDefinition] = []
      for (index, request) in requests.enumerated() {
        let name = interfaceName(interface, index)
        let (endpoint, definition) = try attach(owner, namespace, request, name, &route, &netfilter)
        record.endpoints.append(endpoint)
        definitions.append(definition)
      }
      try configure(namespace, record.endpoints, definitions)
      if let hosts { try writeHosts(hosts, record, definitions, hostname) }
      try save(record)
    } catch {
      try? save(record)
      try? detach(owner)
      throw error
    }
    return record
  }

  private func refuseSecondAttachment(_ owner: String, _ route: inout NetlinkSocket) throws(NetworkError) {
    guard let record = try attachments(of: owner) else { return }
    for endpoint in record.endpoints {
      if try attempting("container '\(owner)'", { () throws(SystemError) in try route.link(named: endpoint.link) }) != nil {
        throw NetworkError(.conflict, "container '\(owner)' is already attached to network '\(endpoint.network)'")
      }
    }
    // Its namespace went without a word.
    try detach(owner)
  }

  /// The host's side: bridge, lease, veth pair. Under the network's lock until the link is there, since a lease without link is stale.
  private func attach(
    _ owner: String, _ namespace: borrowing NetworkNamespace, _ request: EndpointRequest, _ interface: String, _ route: inout NetlinkSocket,
    _ netfilter: inout NetlinkSocket
  ) throws(NetworkError) -> (Endpoint, NetworkDefinition) {
    guard isValidName(request.network) else { throw NetworkError(.invalid, "invalid network name '\(request.network)'") }
    if request.network != NetworkDefinition.defaultName, try definition(request.network) == nil {
      throw NetworkError(.notFound, "network '\(request.network)' not found")
    }
    let lock = try lock(request.network)
    defer { _ = lock }
    var definition = try definitionMakingDefault(request.network, &route)
    let bridge = try BridgeDevice.up(&definition, self, &route, &netfilter)
    let leases = try LeaseDirectory(self, request.network)
    let bridgeName = BridgeDevice.name(request.network, in: self)
    do throws(NetworkError) {
      let address = try leases.choose(request.address, for: definition, &route)
      let mac = request.macAddress ?? MACAddress(for: address)
      if mac.isMulticast { throw NetworkError(.invalid, "MAC address \(mac) is a multicast address") }
      let link = "tveth" + hexadecimal(UInt64.random(in: .min ... .max), digits: 10)
      try leases.write(Lease(address: address, owner: owner, macAddress: mac, link: link, interface: interface))
      do throws(SystemError) {
        let peer = VethPeer(name: interface, namespace: namespace.descriptor.rawValue, hardwareAddress: mac.bytes)
        try route.perform([.addVeth(link, bridge: bridge, peer: peer, mtu: definition.mtu), .setHairpin(link)])
      } catch {
        try? leases.remove(address)
        throw NetworkError("container '\(owner)': network '\(request.network)'", error)
      }
      let endpoint = Endpoint(
        network: request.network, networkIdentifier: definition.identifier, interface: interface, address: address,
        prefixLength: definition.subnet.prefixLength, gateway: definition.gateway, macAddress: mac, bridge: bridgeName, link: link,
        aliases: request.aliases)
      return (endpoint, definition)
    } catch {
      try? takeDownIfUnused(definition, leases, deleting: [], &route, &netfilter)
      throw error
    }
  }

  /// The network's definition; that of the default network is made when it is first asked for. The caller holds the lock.
  private func definitionMakingDefault(_ name: String, _ route: inout NetlinkSocket) throws(NetworkError) -> NetworkDefinition {
    if let definition = try definition(name) { return definition }
    guard name == NetworkDefinition.defaultName else { throw NetworkError(.notFound, "network '\(name)' not found") }
    let definition = NetworkDefinition(name: name, subnet: try chooseSubnet(&route, for: name), isAutomatic: true)
    try save(definition)
    return definition
  }

  /// The container's side.
  private func configure(
    _ namespace: borrowing NetworkNamespace, _ endpoints: [Endpoint], _ definitions: [NetworkDefinition]
  ) throws(NetworkError) {
    var inside = try namespace.routeSocket()
    do throws(SystemError) {
      var requests: [NetlinkRequest] = [.setLinkUp(1)]  // lo is always the first
      var hasDefaultRoute = false
      for (endpoint, definition) in zip(endpoints, definitions) {
        guard let index = try inside.link(named: endpoint.interface)?.index else {
          throw SystemError("get link", quoted(endpoint.interface), .noSuchFileOrDirectory)
        }
        requests.append(.setLinkUp(index))
        requests.append(.addAddress(endpoint.address.bytes, prefixLength: endpoint.prefixLength, interface: index))
        if !definition.isInternal, !hasDefaultRoute {
          requests.append(.addDefaultRoute(gateway: endpoint.gateway.bytes, interface: index))
          hasDefaultRoute = true
        }
      }
      try inside.perform(requests)
    } catch {
      throw NetworkError("the container's interfaces", error)
    }
  }

  private func writeHosts(
    _ path: FilePath, _ record: AttachmentRecord, _ definitions: [NetworkDefinition], _ hostname: String?
  ) throws(NetworkError) {
    let own = record.endpoints.map { endpoint in (endpoint.address, [hostname].compactMap(\.self) + endpoint.aliases) }
    try HostsFile.update(path, own: own, subnets: definitions.map(\.subnet))
  }

  /// `eth0`, `eth1`…: the given name with its number counted on.
  private func interfaceName(_ first: String, _ index: Int) -> String {
    let stem = first.reversed().drop { $0.isNumber }.reversed().map(String.init).joined()
    guard let number = Int(first.dropFirst(stem.count)) else { return index == 0 ? first : first + "\(index)" }
    return stem + "\(number + index)"
  }
}
