internal import JSON
internal import Linux
internal import SystemPackage

extension Inspection {
  /// `NetworkSettings`: what netctl and portmap have noted down under `$TOTE_RUN`.
  var networkSettings: JSONValue {
    let record = container.record
    // netctl's file comes and goes with the container.
    let content = (try? readFile(places.networkState(record.id), limit: 1 << 20)) ?? []
    let attached = state.isRunning ? (try? JSONValue(parsing: content))?["networks"]?.arrayValue ?? [] : []
    var networks = JSONObject()
    for network in record.networks {
      let endpoint = attached.first { $0["network"]?.stringValue == network.name }
      networks[network.name] = endpointDocument(endpoint, network)
    }
    if record.networks.isEmpty, !record.networkMode.hasPrefix("container:") {
      networks[record.networkMode] = endpointDocument(nil, NetworkAttachment(name: record.networkMode))
    }
    // docker repeats the default network's values at the top.
    let first = record.networkMode == "bridge" ? networks["bridge"] : nil
    return [
      "Bridge": "", "SandboxID": "", "SandboxKey": .string(state.isRunning ? "/proc/\(state.pid)/ns/net" : ""), "Ports": portDocument,
      "Gateway": first?["Gateway"] ?? "", "IPAddress": first?["IPAddress"] ?? "", "IPPrefixLen": first?["IPPrefixLen"] ?? 0,
      "MacAddress": first?["MacAddress"] ?? "", "Networks": .object(networks),
    ]
  }

  private func endpointDocument(_ endpoint: JSONValue?, _ network: NetworkAttachment) -> JSONValue {
    [
      "IPAMConfig": network.ipv4Address.map { ["IPv4Address": .string($0)] } ?? .null, "Links": .null,
      "Aliases": network.aliases.map(strings) ?? .null, "MacAddress": endpoint?["macAddress"] ?? .string(network.macAddress ?? ""),
      "NetworkID": endpoint?["networkID"] ?? "", "EndpointID": endpoint?["link"] ?? "", "Gateway": endpoint?["gateway"] ?? "",
      "IPAddress": endpoint?["address"] ?? "", "IPPrefixLen": endpoint?["prefixLength"] ?? 0, "IPv6Gateway": "", "GlobalIPv6Address": "",
      "GlobalIPv6PrefixLen": 0, "DriverOpts": .null,
    ]
  }

  /// Every exposed port, null where it is not published.
  private var portDocument: JSONValue {
    var object = JSONObject()
    guard state.isRunning else { return .object(object) }
    for port in container.record.exposedPorts.sorted() { object[port] = .null }
    for port in ports {
      let key = "\(port.containerPort)/\(port.transport)"
      let binding: JSONValue = ["HostIp": .string(port.hostIP), "HostPort": .string("\(port.hostPort ?? 0)")]
      object[key] = .array((object[key]?.arrayValue ?? []) + [binding])
    }
    return .object(object)
  }
}
