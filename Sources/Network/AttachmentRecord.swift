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
  package var aliases: [String]
}

/// What a container has of networks: the file `$TOTE_RUN/network/<id>.json`, there from attach to detach.
package struct AttachmentRecord: Hashable, Sendable {
  package var owner: String
  package var endpoints: [Endpoint]

  package var json: JSONValue {
    [
      "owner": .string(owner),
      "networks": .array(
        endpoints.map { endpoint in
          [
            "network": .string(endpoint.network), "networkID": .string(endpoint.networkIdentifier),
            "interface": .string(endpoint.interface), "address": .string("\(endpoint.address)"),
            "prefixLength": .integer(endpoint.prefixLength), "gateway": .string("\(endpoint.gateway)"),
            "macAddress": .string("\(endpoint.macAddress)"), "bridge": .string(endpoint.bridge), "link": .string(endpoint.link),
            "aliases": .array(endpoint.aliases.map { .string($0) }),
          ]
        }),
    ]
  }

  init?(_ json: JSONValue) {
    guard let owner = json["owner"]?.stringValue, let networks = json["networks"]?.arrayValue else { return nil }
    self.owner = owner
    endpoints = networks.compactMap(Endpoint.init)
    if endpoints.count != networks.count { return nil }
  }

  init(owner: String, endpoints: [Endpoint]) {
    self.owner = owner
    self.endpoints = endpoints
  }
}

extension Endpoint {
  fileprivate init?(_ json: JSONValue) {
    guard let network = json["network"]?.stringValue, let identifier = json["networkID"]?.stringValue,
      let interface = json["interface"]?.stringValue, let address = json["address"]?.stringValue.flatMap({ IPv4Address($0) }),
      let prefixLength = json["prefixLength"]?.integerValue, let gateway = json["gateway"]?.stringValue.flatMap({ IPv4Address($0) }),
      let mac = json["macAddress"]?.stringValue.flatMap({ MACAddress($0) }), let bridge = json["bridge"]?.stringValue,
      let link = json["link"]?.stringValue
    else { return nil }
    self.init(
      network: network, networkIdentifier: identifier, interface: interface, address: address, prefixLength: prefixLength, gateway: gateway,
      macAddress: mac, bridge: bridge, link: link, aliases: (json["aliases"]?.arrayValue ?? []).compactMap(\.stringValue))
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
      } catch where error.errno == .noSuchFileOrDirectory {
        return []
      }
    }
  }

  func save(_ record: AttachmentRecord) throws(NetworkError) {
    let path = self.record(of: record.owner)
    try attempting("container '\(record.owner)'") { () throws(SystemError) in
      do throws(SystemError) { try replaceFile(path, with: record.json.serialized(), durable: false) } catch where error.errno == .noSuchFileOrDirectory {
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
