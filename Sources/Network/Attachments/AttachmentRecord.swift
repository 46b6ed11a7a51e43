package import JSON
internal import Linux
internal import SystemPackage

/// One network that a container is attached to.
package struct Endpoint: Hashable, Sendable {
  package var network: String
  package var networkIdentifier: String
  /// The container's end of the veth pair: `eth0`.
  package var interface: String
  package var address: IPv4Address
  package var prefixLength: Int
  package var gateway: IPv4Address
  package var macAddress: MACAddress
  /// The device of the network, and the host's end of the veth pair.
  package var bridge: String
  package var link: String
  /// Other names of the container on this network.
  package var aliases: [String]
  /// The services that it is a member of, by the name that leads to them, and their addresses.
  package var services: [String: IPv4Address] = [:]
  /// Whether the network has a way out, and so may carry the default route.
  package var hasDefaultRoute: Bool

  init(
    _ definition: NetworkDefinition, _ address: IPv4Address, _ macAddress: MACAddress, interface: String, link: String, store: NetworkStore,
    aliases: [String] = []
  ) {
    network = definition.name
    networkIdentifier = definition.identifier
    self.interface = interface
    self.address = address
    prefixLength = definition.subnet.prefixLength
    gateway = definition.gateway
    self.macAddress = macAddress
    bridge = BridgeDevice.name(definition.name, in: store)
    self.link = link
    self.aliases = aliases
    hasDefaultRoute = !definition.isInternal
  }
}

/// What a container has of networks: the file `$TOTE_RUN/network/<id>.json`, there from attach to detach.
package struct AttachmentRecord: Hashable, Sendable {
  package var owner: String
  /// The namespace's file and its inode, which tells whether the file is still the same namespace.
  package var namespace: String
  package var namespaceInode: UInt64
  package var hostname: String?
  /// The container's hosts file on the host.
  package var hosts: String?
  package var endpoints: [Endpoint] = []

  package var json: JSONValue {
    var object: JSONValue = [
      "owner": .string(owner), "namespace": .string(namespace), "namespaceInode": .integer(namespaceInode),
      "networks": .array(
        endpoints.map { endpoint in
          [
            "network": .string(endpoint.network), "networkID": .string(endpoint.networkIdentifier),
            "interface": .string(endpoint.interface), "address": .string("\(endpoint.address)"),
            "prefixLength": .integer(endpoint.prefixLength), "gateway": .string("\(endpoint.gateway)"),
            "macAddress": .string("\(endpoint.macAddress)"), "bridge": .string(endpoint.bridge), "link": .string(endpoint.link),
            "aliases": .array(endpoint.aliases.map { .string($0) }), "services": endpoint.servicesJSON,
            "internal": .bool(!endpoint.hasDefaultRoute),
          ]
        }),
    ]
    if let hostname { object["hostname"] = .string(hostname) }
    if let hosts { object["hosts"] = .string(hosts) }
    return object
  }

  init(owner: String, namespace: String, namespaceInode: UInt64, hostname: String? = nil, hosts: String? = nil) {
    self.owner = owner
    self.namespace = namespace
    self.namespaceInode = namespaceInode
    self.hostname = hostname
    self.hosts = hosts
  }

  init?(_ json: JSONValue) {
    guard let owner = json["owner"]?.stringValue, let namespace = json["namespace"]?.stringValue,
      let inode = json["namespaceInode"]?.integerValue.flatMap({ UInt64(exactly: $0) }), let networks = json["networks"]?.arrayValue
    else { return nil }
    self.init(
      owner: owner, namespace: namespace, namespaceInode: inode, hostname: json["hostname"]?.stringValue, hosts: json["hosts"]?.stringValue)
    endpoints = networks.compactMap(Endpoint.init)
    if endpoints.count != networks.count { return nil }
  }
}

extension Endpoint {
  fileprivate var servicesJSON: JSONValue {
    var object = JSONObject()
    for (name, address) in services.sorted(by: { $0.key < $1.key }) { object[name] = .string("\(address)") }
    return .object(object)
  }

  fileprivate init?(_ json: JSONValue) {
    guard let network = json["network"]?.stringValue, let identifier = json["networkID"]?.stringValue,
      let interface = json["interface"]?.stringValue, let address = json["address"]?.stringValue.flatMap({ IPv4Address($0) }),
      let prefixLength = json["prefixLength"]?.integerValue, let gateway = json["gateway"]?.stringValue.flatMap({ IPv4Address($0) }),
      let mac = json["macAddress"]?.stringValue.flatMap({ MACAddress($0) }), let bridge = json["bridge"]?.stringValue,
      let link = json["link"]?.stringValue
    else { return nil }
    self.network = network
    networkIdentifier = identifier
    self.interface = interface
    self.address = address
    self.prefixLength = prefixLength
    self.gateway = gateway
    macAddress = mac
    self.bridge = bridge
    self.link = link
    aliases = (json["aliases"]?.arrayValue ?? []).compactMap(\.stringValue)
    hasDefaultRoute = json["internal"]?.boolValue != true
    for (name, address) in json["services"]?.objectValue ?? JSONObject() {
      services[name] = address.stringValue.flatMap { IPv4Address($0) }
    }
  }
}

extension AttachmentRecord {
  /// Whether any of the links is still there: if none is, the container's namespace went without a word.
  func hasLinks(_ route: inout NetlinkSocket) throws(NetworkError) -> Bool {
    do {
      for endpoint in endpoints where try route.link(named: endpoint.link) != nil { return true }
      return false
    } catch {
      throw NetworkError("container '\(owner)'", error)
    }
  }
}

extension NetworkStore {
  /// What `owner` is attached to; nil where it is attached to nothing.
  package func attachments(of owner: String) throws(NetworkError) -> AttachmentRecord? {
    guard isValidName(owner) else { throw NetworkError(.invalid, "invalid container id '\(owner)'") }
    let path = record(of: owner)
    let content: [UInt8]
    do { content = try readFile(path, limit: 1 << 20) } catch {
      if error.errno == .noSuchFileOrDirectory { return nil }
      throw NetworkError("container '\(owner)'", error)
    }
    guard let json = try? JSONValue(parsing: content), let record = AttachmentRecord(json) else {
      throw NetworkError(.failure, "\(quoted(path)): not a record of attachments")
    }
    return record
  }

  /// Whoever is attached to something.
  package func owners() throws(NetworkError) -> [String] {
    try attempting("attached containers") { () throws(SystemError) in
      do throws(SystemError) {
        return try openFile(runRoot.appending("network"), [.readOnly, .directory]).entries()
          .filter { $0.name.extension == "json" }.map(\.name.stem).sorted()
      } catch  where error.errno == .noSuchFileOrDirectory {
        return []
      }
    }
  }

  func save(_ record: AttachmentRecord) throws(NetworkError) {
    let path = self.record(of: record.owner)
    try attempting("container '\(record.owner)'") { () throws(SystemError) in
      do throws(SystemError) { try replaceFile(path, with: record.json.serialized(), durable: false) } catch
        where error.errno == .noSuchFileOrDirectory
      {
        try makeDirectories(path.removingLastComponent())
        try replaceFile(path, with: record.json.serialized(), durable: false)
      }
    }
  }

  func removeRecord(of owner: String) throws(NetworkError) {
    do { try removeFile(record(of: owner)) } catch {
      if error.errno != .noSuchFileOrDirectory { throw NetworkError("container '\(owner)'", error) }
    }
  }
}
