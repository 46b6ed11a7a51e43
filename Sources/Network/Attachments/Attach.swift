internal import Linux
package import SystemPackage

/// What a container wants of one network.
package struct EndpointRequest: Sendable {
  package var network: String
  package var address: IPv4Address?
  package var macAddress: MACAddress?
  package var aliases: [String]
  /// Names that it shares with others of that network: each leads to one address, whose connections are spread over them.
  package var services: [String] = []

  package init(network: String, address: IPv4Address? = nil, macAddress: MACAddress? = nil, aliases: [String] = []) {
    self.network = network
    self.address = address
    self.macAddress = macAddress
    self.aliases = aliases
  }
}

extension NetworkStore {
  /// Attaches the namespace at `namespacePath` to networks, all or none: for each a veth pair, an address, the default route by the first
  /// that leads out. `interface` is the first one's name in the container; the next counts on from it. Its part in services begins when
  /// `process`, the container's first, or one beside it listens; at once where nobody says which it is.
  package func attach(
    _ owner: String, namespacePath: FilePath, _ requests: [EndpointRequest], interface: String = "eth0", hostname: String? = nil,
    hosts: FilePath? = nil, process: Int32? = nil
  ) throws(NetworkError) -> AttachmentRecord {
    guard isValidName(owner) else { throw NetworkError(.invalid, "invalid container id '\(owner)'") }
    let namespace = try NetworkNamespace(namespacePath)
    var sockets = try NetworkSockets()
    try refuseSecondAttachment(owner, &sockets)
    var record = AttachmentRecord(
      owner: owner, namespace: "\(namespacePath)", namespaceInode: namespace.inode, hostname: hostname, hosts: hosts.map { "\($0)" })
    try add(requests, to: &record, namespace, interface, &sockets)
    if record.endpoints.contains(where: { !$0.services.isEmpty }) { try joinWhenListening(owner, process: process) }
    return record
  }

  /// Attaches a container that runs to one more network.
  package func connect(_ owner: String, to request: EndpointRequest) throws(NetworkError) -> AttachmentRecord {
    guard var record = try attachments(of: owner) else {
      throw NetworkError(.notFound, "container '\(owner)' is not attached to any network")
    }
    if record.endpoints.contains(where: { $0.network == request.network }) {
      throw NetworkError(.conflict, "container '\(owner)' is already attached to network '\(request.network)'")
    }
    guard let namespace = try? NetworkNamespace(FilePath(record.namespace)), namespace.inode == record.namespaceInode else {
      throw NetworkError(.notFound, "container '\(owner)' is not running")
    }
    var sockets = try NetworkSockets()
    let names = Set(record.endpoints.map(\.interface))
    var number = 0
    while names.contains("eth\(number)") { number += 1 }
    try add([request], to: &record, namespace, "eth\(number)", &sockets)
    return record
  }

  private func refuseSecondAttachment(_ owner: String, _ sockets: inout NetworkSockets) throws(NetworkError) {
    guard let record = try attachments(of: owner) else { return }
    if try record.hasLinks(&sockets.route), let first = record.endpoints.first {
      throw NetworkError(.conflict, "container '\(owner)' is already attached to network '\(first.network)'")
    }
    // Its namespace went without a word.
    try detach(owner)
  }

  /// Makes the endpoints and adds them to the record, all or none of them.
  private func add(
    _ requests: [EndpointRequest], to record: inout AttachmentRecord, _ namespace: borrowing NetworkNamespace, _ interface: String,
    _ sockets: inout NetworkSockets
  ) throws(NetworkError) {
    let old = record
    var added: [Endpoint] = []
    do throws(NetworkError) {
      var definitions: [NetworkDefinition] = []
      for (index, request) in requests.enumerated() {
        let (endpoint, definition) = try makeEndpoint(record.owner, namespace, request, interfaceName(interface, index), &sockets)
        added.append(endpoint)
        definitions.append(definition)
      }
      try configure(namespace, added, definitions, hasDefaultRoute: old.endpoints.contains(where: \.hasDefaultRoute))
      record.endpoints += added
      try save(record)
      try refreshHosts(of: record)
    } catch {
      if old.endpoints.isEmpty { try? leaveServices(record.owner) }
      for endpoint in added { try? release([endpoint], of: record.owner, in: endpoint.network, namespaceLives: true) }
      if old.endpoints.isEmpty { try? removeRecord(of: record.owner) } else { try? save(old) }
      throw error
    }
  }

  /// The host's side: bridge, lease, veth pair. Under the network's lock until the link is there, since a lease without link is stale.
  private func makeEndpoint(
    _ owner: String, _ namespace: borrowing NetworkNamespace, _ request: EndpointRequest, _ interface: String,
    _ sockets: inout NetworkSockets
  ) throws(NetworkError) -> (Endpoint, NetworkDefinition) {
    if request.network != NetworkDefinition.defaultName, try definition(request.network) == nil {
      throw NetworkError(.notFound, "network '\(request.network)' not found")
    }
    let lock = try lock(request.network)
    defer { _ = lock }
    var definition = try definitionMakingDefault(request.network, &sockets)
    let bridge = try BridgeDevice.up(&definition, self, &sockets)
    let leases = try LeaseDirectory(self, request.network)
    do throws(NetworkError) {
      let address = try leases.choose(request.address, for: definition, &sockets.route)
      let mac = request.macAddress ?? MACAddress(for: address)
      if mac.isMulticast { throw NetworkError(.invalid, "MAC address \(mac) is a multicast address") }
      let link = "tveth" + hexadecimal(UInt64.random(in: .min ... .max), digits: 10)
      try leases.write(Lease(address: address, owner: owner, macAddress: mac, link: link, interface: interface))
      do throws(SystemError) {
        let peer = VethPeer(name: interface, namespace: namespace.descriptor.rawValue, hardwareAddress: mac.bytes)
        try sockets.route.perform([.addVeth(link, bridge: bridge, peer: peer, mtu: definition.mtu), .setHairpin(link)])
      } catch {
        try? leases.remove(address)
        throw NetworkError("container '\(owner)': network '\(request.network)'", error)
      }
      var endpoint = Endpoint(definition, address, mac, interface: interface, link: link, store: self, aliases: request.aliases)
      endpoint.services = try join(request.services, definition, bridge: bridge, owner, at: address, leases, &sockets)
      return (endpoint, definition)
    } catch {
      try? takeDownIfUnused(definition, leases, deleting: [], &sockets, lock)
      throw error
    }
  }

  /// The network's definition; that of the default network is made when it is first asked for. The caller holds the lock.
  private func definitionMakingDefault(_ name: String, _ sockets: inout NetworkSockets) throws(NetworkError) -> NetworkDefinition {
    if let definition = try definition(name) { return definition }
    guard name == NetworkDefinition.defaultName else { throw NetworkError(.notFound, "network '\(name)' not found") }
    let definition = NetworkDefinition(name: name, subnet: try chooseSubnet(&sockets.route, for: name), isAutomatic: true)
    try save(definition)
    return definition
  }

  /// The container's side.
  private func configure(
    _ namespace: borrowing NetworkNamespace, _ endpoints: [Endpoint], _ definitions: [NetworkDefinition], hasDefaultRoute: Bool
  ) throws(NetworkError) {
    var inside = try namespace.routeSocket()
    do throws(SystemError) {
      var requests: [NetlinkRequest] = [.setLinkUp(1)]  // lo is always the first
      var hasDefaultRoute = hasDefaultRoute
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

  /// `eth0`, `eth1`…: the given name with its number counted on.
  private func interfaceName(_ first: String, _ index: Int) -> String {
    let digits = first.reversed().prefix { ("0"..."9").contains($0) }.count
    guard let number = Int(first.suffix(digits)) else { return index == 0 ? first : first + "\(index)" }
    return first.dropLast(digits) + "\(number + index)"
  }
}
