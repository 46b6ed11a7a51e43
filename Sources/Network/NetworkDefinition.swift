package import JSON
internal import Linux
internal import SystemPackage

/// A network as its `network.json` describes it (schemas/network.schema.json).
package struct NetworkDefinition: Hashable, Sendable {
  /// The one that is made when it is first needed.
  package static let defaultName = "bridge"

  package var name: String
  /// 64 hexadecimal digits, as docker shows them.
  package var identifier: String
  /// RFC 3339, UTC.
  package var created: String
  package var subnet: IPv4Subnet
  package var gateway: IPv4Address
  /// Whether tote chose the subnet, and so may choose another when it no longer fits the host's routes.
  package var isAutomatic: Bool
  /// No way out of the network, and none in.
  package var isInternal: Bool
  /// Bytes; nil leaves it to the kernel.
  package var mtu: UInt32?
  package var labels: [String: String]
  /// Where containers that ask for no address get theirs; nil for the whole subnet.
  package var range: IPv4Subnet?
  /// Addresses that no container gets, by what somebody calls them.
  package var reserved: [String: IPv4Address] = [:]

  package init(
    name: String, subnet: IPv4Subnet, gateway: IPv4Address? = nil, isAutomatic: Bool = false, isInternal: Bool = false, mtu: UInt32? = nil,
    labels: [String: String] = [:], created: String? = nil
  ) {
    self.name = name
    self.subnet = subnet
    self.gateway = gateway ?? IPv4Address(rawValue: subnet.address.rawValue + 1)
    self.isAutomatic = isAutomatic
    self.isInternal = isInternal
    self.mtu = mtu
    self.labels = labels
    self.created = created ?? Timestamp.now.rfc3339
    identifier = (0..<8).map { _ in
      let digits = String(UInt32.random(in: .min ... .max), radix: 16)
      return String(repeating: "0", count: 8 - digits.count) + digits
    }.joined()
  }

  package var json: JSONValue {
    var value: JSONValue = [
      "name": .string(name), "id": .string(identifier), "created": .string(created), "driver": "bridge", "subnet": .string("\(subnet)"),
      "gateway": .string("\(gateway)"), "automatic": .bool(isAutomatic), "internal": .bool(isInternal),
    ]
    if let mtu { value["mtu"] = .integer(mtu) }
    var object = JSONObject()
    for (key, text) in labels.sorted(by: { $0.key < $1.key }) { object[key] = .string(text) }
    value["labels"] = .object(object)
    if let range { value["range"] = .string("\(range)") }
    if !reserved.isEmpty {
      var addresses = JSONObject()
      for (name, address) in reserved.sorted(by: { $0.key < $1.key }) { addresses[name] = .string("\(address)") }
      value["reserved"] = .object(addresses)
    }
    return value
  }

  init(_ json: JSONValue, file: FilePath) throws(NetworkError) {
    func text(_ key: String) throws(NetworkError) -> String {
      guard let value = json[key]?.stringValue else { throw NetworkError(.invalid, "\(quoted(file)): '\(key)' is not a string") }
      return value
    }
    name = try text("name")
    identifier = try text("id")
    created = try text("created")
    guard let subnet = IPv4Subnet(try text("subnet")), let gateway = IPv4Address(try text("gateway")) else {
      throw NetworkError(.invalid, "\(quoted(file)): 'subnet' or 'gateway' is no IPv4 address")
    }
    self.subnet = subnet
    self.gateway = gateway
    isAutomatic = json["automatic"]?.boolValue ?? false
    isInternal = json["internal"]?.boolValue ?? false
    mtu = json["mtu"]?.integerValue.flatMap { UInt32(exactly: $0) }
    labels = [:]
    range = json["range"]?.stringValue.flatMap { IPv4Subnet($0) }
    for (name, address) in json["reserved"]?.objectValue ?? JSONObject() {
      reserved[name] = address.stringValue.flatMap { IPv4Address($0) }
    }
    for (key, value) in json["labels"]?.objectValue ?? JSONObject() { labels[key] = value.stringValue ?? "" }
  }
}

extension NetworkStore {
  private func file(_ network: String) -> FilePath { directory(network).appending("network.json") }

  /// The definition of a network; nil where there is none of that name.
  package func definition(_ name: String) throws(NetworkError) -> NetworkDefinition? {
    guard isValidName(name) else { throw NetworkError(.invalid, "invalid network name '\(name)'") }
    let path = file(name)
    let content: [UInt8]
    do { content = try readFile(path, limit: 1 << 20) } catch {
      if error.errno == .noSuchFileOrDirectory { return nil }
      throw NetworkError("network '\(name)'", error)
    }
    let json: JSONValue
    do { json = try JSONValue(parsing: content) } catch { throw NetworkError("\(quoted(path))", error) }
    return try NetworkDefinition(json, file: path)
  }

  /// Writes a definition; the caller holds the network's lock.
  func save(_ definition: NetworkDefinition) throws(NetworkError) {
    try attempting("network '\(definition.name)'") { () throws(SystemError) in
      try makeDirectories(leases(definition.name))
      try replaceFile(file(definition.name), with: definition.json.serialized(pretty: true))
    }
  }
}
