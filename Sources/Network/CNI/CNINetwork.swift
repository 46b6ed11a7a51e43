package import JSON
internal import Linux
internal import SystemPackage

/// netctl as a plugin that attaches (`"type": "netctl"`): a veth pair to a network's bridge, an address, a default route.
///
/// Configuration: `network`, the name of the network (default: the configuration's own name), which is made where it is missing, with
/// `subnet`, `gateway`, `mtu`, `internal`; `runtimeConfig.ips` and `runtimeConfig.mac`, capabilities of the same names.
package struct CNINetwork: CNIPlugin {
  package init() {}

  package func add(_ call: CNIInvocation) throws(CNIError) -> JSONValue? {
    let configuration = call.configuration
    var request = EndpointRequest(network: network(call))
    if let text = configuration["runtimeConfig"]?["ips"]?[0]?.stringValue {
      request.address = IPv4Address(text.prefix { $0 != "/" })
      if request.address == nil { throw CNIError(.unsupportedField, "runtimeConfig.ips: '\(text)' is not an IPv4 address") }
    }
    if let text = configuration["runtimeConfig"]?["mac"]?.stringValue {
      request.macAddress = MACAddress(text)
      if request.macAddress == nil { throw CNIError(.invalidConfiguration, "runtimeConfig.mac: '\(text)' is not a MAC address") }
    }
    let store = call.store
    return try answeringCNI { () throws(NetworkError) in
      try makeNetwork(request.network, configuration, store)
      let record = try store.attach(
        call.owner, namespacePath: FilePath(call.namespace), [request], interface: call.interface)
      return record.endpoints.first.map { result($0, call) }
    }
  }

  package func delete(_ call: CNIInvocation) throws(CNIError) {
    try answeringCNI { () throws(NetworkError) in try call.store.detach(call.owner) }
  }

  package func check(_ call: CNIInvocation) throws(CNIError) {
    let store = call.store
    guard let endpoint = try answeringCNI({ () throws(NetworkError) in try store.attachments(of: call.owner)?.endpoints.first }) else {
      throw CNIError(.checkFailed, "container '\(call.containerID)' is not attached to network '\(network(call))'")
    }
    let present = try answeringCNI { () throws(NetworkError) in
      var inside = try NetworkNamespace(FilePath(call.namespace)).routeSocket()
      return try attempting("network namespace '\(call.namespace)'") { () throws(SystemError) in
        guard let link = try inside.link(named: call.interface) else { return [[UInt8]]() }
        return try inside.addresses(interface: link.index).map(\.address)
      }
    }
    guard present.contains(endpoint.address.bytes) else {
      throw CNIError(.checkFailed, "interface '\(call.interface)' does not have the address \(endpoint.address)")
    }
    if let ips = call.configuration["prevResult"]?["ips"]?.arrayValue {
      let addresses = ips.compactMap { $0["address"]?.stringValue }
      if !addresses.contains("\(endpoint.address)/\(endpoint.prefixLength)") {
        throw CNIError(.checkFailed, "prevResult does not have the address \(endpoint.address)/\(endpoint.prefixLength)")
      }
    }
  }

  package func collect(_ call: CNIInvocation) throws(CNIError) {
    let valid = try call.validOwners(), store = call.store
    try answeringCNI { () throws(NetworkError) in
      for owner in try store.owners() where call.isOurs(owner) && !valid.contains(owner) { try store.detach(owner) }
    }
  }

  package func status(_ call: CNIInvocation) throws(CNIError) {
    do throws(SystemError) {
      var netfilter = try NetlinkSocket(.netfilter)
      _ = try netfilter.generation()
      try makeDirectories(call.store.networks)
    } catch {
      throw CNIError(.notAvailable, "networks cannot be made", details: "\(error)")
    }
  }

  private func network(_ call: CNIInvocation) -> String { call.configuration["network"]?.stringValue ?? call.network }

  private func makeNetwork(_ name: String, _ configuration: JSONValue, _ store: NetworkStore) throws(NetworkError) {
    if name == NetworkDefinition.defaultName { return }
    if try store.definition(name) != nil { return }
    func parsed<Value>(_ key: String, _ parse: (String) -> Value?) throws(NetworkError) -> Value? {
      guard let text = configuration[key]?.stringValue else { return nil }
      guard let value = parse(text) else { throw NetworkError(.invalid, "\(key): '\(text)' is not usable") }
      return value
    }
    do throws(NetworkError) {
      _ = try store.create(
        name, subnet: try parsed("subnet") { IPv4Subnet($0) }, gateway: try parsed("gateway") { IPv4Address($0) },
        isInternal: configuration["internal"]?.boolValue ?? false,
        mtu: configuration["mtu"]?.integerValue.flatMap { UInt32(exactly: $0) }.flatMap { $0 == 0 ? nil : $0 }, labels: [:])
    } catch {
      // Another container of the same network was quicker.
      if try store.definition(name) == nil { throw error }
    }
  }

  /// The result in the form of the version that was asked for (CNI spec, "Success"; before 0.3.0 one address and no interfaces).
  private func result(_ endpoint: Endpoint, _ call: CNIInvocation) -> JSONValue {
    let address = "\(endpoint.address)/\(endpoint.prefixLength)"
    let route: JSONValue = ["dst": "0.0.0.0/0", "gw": .string("\(endpoint.gateway)")]
    if call.version < "0.3.0" {
      let ip4: JSONValue = [
        "ip": .string(address), "gateway": .string("\(endpoint.gateway)"), "routes": endpoint.hasDefaultRoute ? [route] : [],
      ]
      return ["cniVersion": .string(call.version), "ip4": ip4, "dns": [:]]
    }
    var ip: JSONValue = ["address": .string(address), "gateway": .string("\(endpoint.gateway)"), "interface": 2]
    if call.version < "1.0.0" { ip["version"] = "4" }
    return [
      "cniVersion": .string(call.version),
      "interfaces": [
        ["name": .string(endpoint.bridge), "mac": .string("\(MACAddress(for: endpoint.gateway))")], ["name": .string(endpoint.link)],
        ["name": .string(endpoint.interface), "mac": .string("\(endpoint.macAddress)"), "sandbox": .string(call.namespace)],
      ],
      "ips": [ip], "routes": endpoint.hasDefaultRoute ? [route] : [], "dns": [:],
    ]
  }
}
