internal import Linux
internal import SystemPackage

extension NetworkStore {
  /// How long the process stays that holds published ports.
  package enum Keeping {
    /// There is none: nothing holds the ports, and they are published on IPv4 alone.
    case nobody
    case untilWithdrawn
    /// Until the process ends, or the ports are withdrawn.
    case untilEnd(of: Int32)

    var isKept: Bool { if case .nobody = self { false } else { true } }
  }

  /// Whether a process can have the sockets of so many ports, two each.
  package func canKeep(_ count: Int) -> Bool { (try? ResourceLimit.mostOpenFiles()).map { UInt64(count) * 2 + 64 <= $0 } ?? true }

  /// Publishes ports of a container, all or none.
  ///
  /// - Parameters:
  ///   - address: the container's.
  ///   - owner: by whom they are withdrawn; what it has published already stays.
  ///   - member: makes them ports of a service, which its members publish together.
  ///   - keeping: whether a process may stay behind that holds the ports and answers on IPv6 (``PortKeeper``).
  ///   - isRelayed: whether that process takes IPv4 too, so that the host's INPUT rules decide who may come.
  /// - Returns: what was published, random ports and choices from ranges settled.
  /// - Throws: ``NetworkError/Kind/conflict`` in docker's words, with who has the port, where one is not free.
  @discardableResult
  package func publish(
    _ specifications: [PortSpecification], to address: IPv4Address, owner: String, member: ServiceMember? = nil, keeping: Keeping,
    isRelayed: Bool = false
  ) throws(NetworkError) -> [PublishedPort] {
    guard isValidName(owner) else { throw NetworkError(.invalid, "invalid owner '\(owner)'") }
    if let member, !isValidName(member.service) { throw NetworkError(.invalid, "invalid service name '\(member.service)'") }
    if specifications.isEmpty { return [] }
    if isRelayed, !keeping.isKept {
      throw NetworkError(.invalid, "--firewall respect needs a process that keeps the ports, which there is none of here")
    }
    if isRelayed, specifications.contains(where: { $0.transport == .sctp }) {
      throw NetworkError(.invalid, "SCTP is not relayed: --firewall respect cannot be had for it")
    }
    let table = PortTable(runRoot)
    let lock = try table.lock()
    defer { _ = lock }
    var sockets = try NetworkSockets()
    let existing = try reclaim(for: specifications, from: try table.read(), table, &sockets)
    var choice = PortChoice(existing, broker: PortBroker(runRoot))
    // Two sockets a port, all at once.
    if specifications.count > 100 { try? ResourceLimit.raiseOpenFiles() }
    var held: [HeldPort] = []
    for specification in specifications {
      held += try choice.choose(specification, to: address, owner: owner, member: member, isKept: keeping.isKept, isRelayed: isRelayed)
    }
    let chosen = held.map(\.port)
    // The file first: what is in it and not in the kernel can be repaired and withdrawn, the other way round nobody would know.
    try table.write(existing + chosen)
    do throws(NetworkError) {
      try add(chosen, beside: existing, &sockets.netfilter, &sockets.route)
      try openLoopback(towards: address, &sockets.route)
      switch keeping {
      case .nobody: break
      case .untilWithdrawn: try keep(held, of: owner, until: nil)
      case .untilEnd(let process): try keep(held, of: owner, until: process)
      }
    } catch {
      try? table.write(existing)
      throw error
    }
    try forget(chosen, &sockets.netfilter)
    return chosen
  }

  /// Takes ports that are asked for from containers that went without a word: those that netctl had attached and whose links are gone.
  /// Returns what is left of `existing`.
  private func reclaim(
    for specifications: [PortSpecification], from existing: [PublishedPort], _ table: PortTable, _ sockets: inout NetworkSockets
  ) throws(NetworkError) -> [PublishedPort] {
    let wanted = existing.filter { port in
      specifications.contains { $0.transport == port.transport && !$0.isRandom && $0.hostPorts?.contains(port.hostPort) == true }
    }
    var stale: Set<String> = []
    for owner in Set(wanted.map(\.owner)) {
      if let record = try attachments(of: owner), try !record.hasLinks(&sockets.route) { stale.insert(owner) }
    }
    if stale.isEmpty { return existing }
    try apply(PortTransition(removing: existing.filter { stale.contains($0.owner) }, from: existing), &sockets.netfilter)
    let left = existing.filter { !stale.contains($0.owner) }
    try table.write(left)
    notifyKeepers(of: stale)
    return left
  }

  private func add(
    _ chosen: [PublishedPort], beside existing: [PublishedPort], _ netfilter: inout NetlinkSocket, _ route: inout NetlinkSocket
  ) throws(NetworkError) {
    let requests = PortTransition(adding: chosen, to: existing).requests
    let all = try members() + existing + chosen
    if requests.isEmpty, try !Upkeep.ensureTable(&netfilter, &route, ports: { all }) { return }
    for _ in 0..<16 {
      // A table that has just been made has what is in the file, and that is all of it.
      if try Upkeep.ensureTable(&netfilter, &route, ports: { all }) { return }
      do throws(SystemError) { return try netfilter.transact(requests) } catch {
        switch error.errno {
        case .noSuchFileOrDirectory: continue  // it went with the last of another store
        case .fileExists:
          let ports = chosen.map { $0.hostAddress.with(port: $0.hostPort) }.joined(separator: ", ")
          throw NetworkError(
            .conflict, "Bind for \(ports) failed: port is already allocated (in nftables, by none that \(quoted(runRoot)) knows)")
        default: throw NetworkError("published ports", error)
        }
      }
    }
    throw NetworkError(.failure, "the table 'tote' of nftables keeps going away")
  }

  /// Lets 127.0.0.1 reach a container that is not on a bridge of tote's (those have it from the start). Only over virtual interfaces: on
  /// hardware it would open the host's loopback addresses to the neighbours.
  private func openLoopback(towards address: IPv4Address, _ route: inout NetlinkSocket) throws(NetworkError) {
    try attempting("published ports") { () throws(SystemError) in
      guard let index = try route.interface(towards: address.bytes), let link = try route.link(index: index) else { return }
      guard link.kind == "bridge" || link.kind == "veth" else { return }
      let sysctl = Sysctl.routeLocalnet(link.name)
      if try sysctl.value() == "0" { try sysctl.set("1") }
    }
  }

  /// Withdraws all that `owner` has published; nothing published is no error. Returns what it was.
  @discardableResult
  package func withdraw(_ owner: String) throws(NetworkError) -> [PublishedPort] {
    try withdraw { $0.owner == owner }
  }

  /// Withdraws the ports that `isMeant` accepts.
  @discardableResult
  package func withdraw(_ isMeant: (PublishedPort) -> Bool) throws(NetworkError) -> [PublishedPort] {
    let table = PortTable(runRoot)
    if try table.read().allSatisfy({ !isMeant($0) }) { return [] }
    let lock = try table.lock()
    defer { _ = lock }
    let existing = try table.read()
    let gone = existing.filter(isMeant)
    if gone.isEmpty { return [] }
    var netfilter = try attempting("netlink") { () throws(SystemError) in try NetlinkSocket(.netfilter) }
    try apply(PortTransition(removing: gone, from: existing), &netfilter)
    try table.write(existing.filter { !isMeant($0) })
    notifyKeepers(of: Set(gone.map(\.owner)))
    try forget(gone, &netfilter)
    if gone.count == existing.count { try Upkeep.removeTableIfUnused(&netfilter) }
    // A socket that has deleted elements waits for an RCU grace period when it is closed for good: an orphan's.
    _ = try? orphan(keeping: [netfilter.rawValue]) {}
    return gone
  }

  /// Carries out a transition that takes away more than it gives.
  func apply(_ transition: PortTransition, _ netfilter: inout NetlinkSocket) throws(NetworkError) {
    do throws(SystemError) {
      do throws(SystemError) { try netfilter.transact(transition.requests) } catch
        where error.errno == .noSuchFileOrDirectory || error.errno == .fileExists
      {
        // Somebody has removed the table or a part of it: what is left goes one by one.
        for (map, all) in transition.removals {
          let present = Set(try netfilter.elements(of: map, in: Ruleset.table).map(\.key))
          try netfilter.transact(Ruleset.table.removeElements(all.filter { present.contains($0.key) }, from: map))
        }
        for (map, all) in transition.additions { try netfilter.transact(Ruleset.table.addElements(all, to: map, exclusive: false)) }
      }
    } catch {
      // With the table gone there is nothing to take away.
      if error.errno != .noSuchFileOrDirectory || transition.additions.isEmpty { throw NetworkError("published ports", error) }
    }
  }

  /// Connections without a state of their own go on to where the port led before, until they are forgotten.
  private func forget(_ ports: [PublishedPort], _ netfilter: inout NetlinkSocket) throws(NetworkError) {
    let datagram = Set(ports.filter { $0.transport == .udp }.map(\.hostPort))
    do { try netfilter.forgetConnections(transport: TransportProtocol.udp.number, ports: datagram) } catch {
      // A kernel without ctnetlink has no way to.
      if error.errno != .notSupported && error.errno != .invalidArgument { throw NetworkError("published ports", error) }
    }
  }
}
