package import JSON
internal import Linux
internal import SystemPackage

/// portmap as a chained plugin (`"type": "portmap"`, capability `portMappings`): publishes `runtimeConfig.portMappings` to the first IPv4
/// address of `prevResult`, and hands that result on.
package struct CNIPortMap: CNIPlugin {
  package init() {}

  package func add(_ call: CNIInvocation) throws(CNIError) -> JSONValue? {
    guard let previous = call.configuration["prevResult"], !previous.isNull else {
      throw CNIError(.invalidConfiguration, "must be called as chained plugin: there is no prevResult")
    }
    let specifications = try mappings(call)
    if !specifications.isEmpty {
      let address = try address(previous)
      try answeringCNI { () throws(NetworkError) in
        // ADD of what is there already: a runtime that did not see the first answer.
        try call.store.withdraw(call.owner)
        try call.store.publish(specifications, to: address, owner: call.owner, keeping: .nobody)
      }
    }
    return previous
  }

  package func delete(_ call: CNIInvocation) throws(CNIError) {
    try answeringCNI { () throws(NetworkError) in _ = try call.store.withdraw(call.owner) }
  }

  package func check(_ call: CNIInvocation) throws(CNIError) {
    let specifications = try mappings(call), store = call.store
    let published = try answeringCNI { () throws(NetworkError) in try PortTable(store.runRoot).read().filter { $0.owner == call.owner } }
    for one in specifications {
      let isPublished = published.contains {
        $0.transport == one.transport && $0.containerPort == one.containerPort && one.hostPorts?.contains($0.hostPort) != false
      }
      if !isPublished { throw CNIError(.checkFailed, "port \(one.hostPortText)/\(one.transport) is not published") }
    }
    let problems = try answeringCNI { () throws(NetworkError) in try store.check() }.filter {
      $0.contains("'\(call.owner)'") || $0.contains("'tote'")
    }
    if let first = problems.first { throw CNIError(.checkFailed, first, details: problems.dropFirst().joined(separator: "; ")) }
  }

  package func collect(_ call: CNIInvocation) throws(CNIError) {
    let valid = try call.validOwners(), store = call.store
    try answeringCNI { () throws(NetworkError) in
      let stale = Set(try PortTable(store.runRoot).read().map(\.owner).filter { call.isOurs($0) && !valid.contains($0) })
      if !stale.isEmpty { try store.withdraw { stale.contains($0.owner) } }
    }
  }

  package func status(_ call: CNIInvocation) throws(CNIError) {
    do throws(SystemError) {
      var netfilter = try NetlinkSocket(.netfilter)
      _ = try netfilter.generation()
    } catch {
      throw CNIError(.notAvailable, "nftables is not available", details: "\(error)")
    }
  }

  private func mappings(_ call: CNIInvocation) throws(CNIError) -> [PortSpecification] {
    guard let list = call.configuration["runtimeConfig"]?["portMappings"], !list.isNull else { return [] }
    guard let entries = list.arrayValue else { throw CNIError(.invalidConfiguration, "runtimeConfig.portMappings is not an array") }
    var specifications: [PortSpecification] = []
    for given in entries {
      // Go reads names of members in any case, and containerd writes `HostPort`.
      var entry = JSONObject()
      for member in given.objectValue ?? JSONObject() { entry[member.key.lowercased()] = member.value }
      func port(_ key: String) throws(CNIError) -> UInt16 {
        guard let value = entry[key.lowercased()]?.integerValue.flatMap({ UInt16(exactly: $0) }), value > 0 else {
          throw CNIError(.invalidConfiguration, "Invalid \(key) number: \(entry[key.lowercased()].map { "\($0)" } ?? "none")")
        }
        return value
      }
      let name = entry["protocol"]?.stringValue ?? "tcp"
      guard let transport = TransportProtocol(rawValue: name.lowercased()) else {
        throw CNIError(.invalidConfiguration, "unknown protocol '\(name)' in portMappings")
      }
      let host = try port("hostPort")
      specifications.append(
        PortSpecification(
          transport, containerPort: try port("containerPort"), hostIP: entry["hostip"]?.stringValue ?? "", hostPorts: host...host))
    }
    return specifications
  }

  /// The first IPv4 address that the plugins before gave: `ips` since 0.3.0, `ip4` before.
  private func address(_ previous: JSONValue) throws(CNIError) -> IPv4Address {
    let texts =
      (previous["ips"]?.arrayValue ?? []).compactMap { $0["address"]?.stringValue }
      + [previous["ip4"]?["ip"]?.stringValue].compactMap(\.self)
    for text in texts {
      if let address = IPv4Address(text.prefix { $0 != "/" }) { return address }
    }
    throw CNIError(.invalidConfiguration, "prevResult has no IPv4 address")
  }
}
