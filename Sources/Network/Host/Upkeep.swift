internal import Linux
internal import SystemPackage

/// Keeps tote's table in nftables and the host's forwarding as what is attached and published needs them.
///
/// The kernel's own state is what counts, since stores with different roots share it: what a bridge belongs to stands in its alias,
/// what ip_forward was before tote changed it in the table's comment.
package enum Upkeep {
  /// ERESTART: a transaction's generation is out of date.
  static let stale: Int32 = 85
  private static let forwardingWasOff = "ip_forward was 0"

  /// The elements that a network has in the table's sets.
  static func elements(
    bridge: String, subnet: IPv4Subnet, isInternal: Bool, _ services: [IPv4Address]
  ) -> [(set: NetfilterSet, elements: [NetfilterElement])] {
    let name = Ruleset.name(bridge)
    var all: [(set: NetfilterSet, elements: [NetfilterElement])] = [
      (Ruleset.bridges, [NetfilterElement(key: name)]),
      (Ruleset.siblings, [NetfilterElement(key: name + name)]),
      (Ruleset.subnets, interval(subnet)),
    ]
    all += elements(services: services, bridge: bridge)
    if isInternal { all.append((Ruleset.internalBridges, [NetfilterElement(key: name)])) }
    return all
  }

  /// Those of services' addresses.
  static func elements(services: [IPv4Address], bridge: String) -> [(set: NetfilterSet, elements: [NetfilterElement])] {
    if services.isEmpty { return [] }
    return [
      (Ruleset.serviceEntries, services.map { NetfilterElement(key: Ruleset.name(bridge) + $0.bytes) }),
      (Ruleset.services, services.map { NetfilterElement(key: $0.bytes) }),
    ]
  }

  private static func interval(_ subnet: IPv4Subnet) -> [NetfilterElement] {
    let end = NetfilterElement(key: IPv4Address(rawValue: subnet.last.rawValue &+ 1).bytes, endsInterval: true)
    return [NetfilterElement(key: subnet.address.bytes), end]
  }

  /// Makes the table where it is not there, with what every bridge of tote's and `ports` need: also after somebody's `flush ruleset`.
  /// Returns whether it had to be made.
  @discardableResult
  static func ensureTable(
    _ netfilter: inout NetlinkSocket, _ route: inout NetlinkSocket, ports: () throws(NetworkError) -> [PublishedPort]
  ) throws(NetworkError) -> Bool {
    do { if try netfilter.comment(of: Ruleset.table) != nil { return false } } catch { throw NetworkError("nftables", error) }
    let ports = try ports()
    return try attempting("nftables") { () throws(SystemError) in
      let isOff = try Sysctl.forwarding.value() == "0"
      var requests = Ruleset.creation(comment: isOff ? forwardingWasOff : "tote")
      for bridge in try BridgeDevice.all(&route) {
        for (set, elements) in elements(bridge: bridge.name, subnet: bridge.subnet, isInternal: bridge.isInternal, bridge.services) {
          requests += Ruleset.table.addElements(elements, to: set, exclusive: false)
        }
      }
      for (set, elements) in PublishedPort.elements(ports) { requests += Ruleset.table.addElements(elements, to: set, exclusive: false) }
      do throws(SystemError) { try netfilter.transact(requests) } catch  where error.errno == .fileExists {
        return false  // somebody else was quicker
      }
      // Only now: whoever reads 1 because of this finds the table there, and so never takes our 1 for the host's own.
      if isOff { try Sysctl.forwarding.set("1") }
      return true
    }
  }

  /// Removes the table where nothing of tote's is left in the namespace that needs it, and lets forwarding be as it was.
  static func removeTableIfUnused(_ netfilter: inout NetlinkSocket) throws(NetworkError) {
    do throws(SystemError) {
      for _ in 0..<16 {
        let generation = try netfilter.generation()
        guard let comment = try netfilter.comment(of: Ruleset.table) else { return }
        for set in [Ruleset.bridges] + Ruleset.portMaps {
          if try !netfilter.elements(of: set, in: Ruleset.table).isEmpty { return }
        }
        // Before the table goes, for the same reason; taken back where the table has come into use meanwhile.
        if comment == forwardingWasOff { try Sysctl.forwarding.set("0") }
        do throws(SystemError) {
          return try netfilter.transact([Ruleset.table.delete()], generation: generation)
        } catch {
          if comment == forwardingWasOff { try Sysctl.forwarding.set("1") }
          if error.errno.rawValue != stale { throw error }
        }
      }
    } catch {
      if error.errno == .noSuchFileOrDirectory { return }
      throw NetworkError("nftables", error)
    }
  }
}
