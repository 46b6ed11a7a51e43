internal import Linux
internal import SystemPackage

extension NetworkStore {
  /// What the kernel lacks, or has otherwise, of what should be there: a line each; none where all is well.
  package func check() throws(NetworkError) -> [String] {
    var sockets = try NetworkSockets()
    let ports = try balanced()
    return try attempting("check") { () throws(SystemError) in
      let bridges = try BridgeDevice.all(&sockets.route)
      if ports.isEmpty, bridges.isEmpty { return [] }
      guard try sockets.netfilter.comment(of: Ruleset.table) != nil else { return ["nftables: the table 'tote' is missing"] }
      var problems: [String] = []
      if try Sysctl.forwarding.value() != "1" { problems.append("net.ipv4.ip_forward is off") }
      for bridge in bridges {
        for (set, elements) in Upkeep.elements(bridge: bridge.name, subnet: bridge.subnet, isInternal: bridge.isInternal, bridge.services) {
          let present = Set(try sockets.netfilter.elements(of: set, in: Ruleset.table))
          if !elements.allSatisfy(present.contains) { problems.append("nftables: set '\(set.name)' lacks '\(bridge.name)'") }
        }
        if try Sysctl.routeLocalnet(bridge.name).value() != "1" { problems.append("net.ipv4.conf.\(bridge.name).route_localnet is off") }
      }
      var present: [String: [[UInt8]: [UInt8]]] = [:]
      for map in Ruleset.portMaps {
        for element in try sockets.netfilter.elements(of: map, in: Ruleset.table) {
          present[map.name, default: [:]][element.key] = element.value
        }
      }
      for (map, elements) in PublishedPort.elements(ports.filter { $0.member != nil }) {
        let wrong = elements.count { present[map.name]?[$0.key] != $0.value }
        if wrong > 0 { problems.append("nftables: map '\(map.name)' lacks or misleads \(wrong) of \(elements.count) slots of services") }
      }
      for port in ports where port.member == nil {
        for (map, elements) in PublishedPort.elements([port]) {
          let name = "\(port.hostAddress.with(port: port.hostPort))/\(port.transport) of '\(port.owner)'"
          guard let value = present[map.name]?[elements[0].key] else {
            problems.append("nftables: map '\(map.name)' lacks \(name)")
            continue
          }
          if value != elements[0].value { problems.append("nftables: map '\(map.name)' leads \(name) elsewhere") }
        }
      }
      return problems
    }
  }

  /// Makes the table anew, in one transaction, from what bridges are there and what is published. Ports in it that this store does not
  /// know, those of stores elsewhere, are kept.
  package func repair() throws(NetworkError) {
    let table = PortTable(runRoot)
    let lock = try table.lock()
    defer { _ = lock }
    let ports = try balanced()
    var sockets = try NetworkSockets()
    if try Upkeep.ensureTable(&sockets.netfilter, &sockets.route, ports: { ports }) { return try restoreSysctls(&sockets) }
    try attempting("nftables") { () throws(SystemError) in
      let comment = try sockets.netfilter.comment(of: Ruleset.table) ?? ""
      var requests = [Ruleset.table.delete()] + Ruleset.creation(comment: comment)
      for bridge in try BridgeDevice.all(&sockets.route) {
        for (set, elements) in Upkeep.elements(bridge: bridge.name, subnet: bridge.subnet, isInternal: bridge.isInternal, bridge.services) {
          requests += Ruleset.table.addElements(elements, to: set, exclusive: false)
        }
      }
      let own = Dictionary(uniqueKeysWithValues: PublishedPort.elements(ports).map { ($0.map.name, $0.elements) })
      for map in Ruleset.portMaps {
        let known = own[map.name] ?? []
        let keys = Set(known.map(\.key))
        let foreign = try sockets.netfilter.elements(of: map, in: Ruleset.table).filter { !keys.contains($0.key) }
        requests += Ruleset.table.addElements(known + foreign, to: map, exclusive: false)
      }
      try sockets.netfilter.transact(requests)
    }
    try restoreSysctls(&sockets)
  }

  private func restoreSysctls(_ sockets: inout NetworkSockets) throws(NetworkError) {
    try attempting("sysctl") { () throws(SystemError) in
      if try Sysctl.forwarding.value() != "1" { try Sysctl.forwarding.set("1") }
      for bridge in try BridgeDevice.all(&sockets.route) { try Sysctl.routeLocalnet(bridge.name).set("1") }
    }
  }
}
