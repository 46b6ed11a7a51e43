internal import Linux
internal import SystemPackage

/// The bridge of a network as the kernel has it. It is there while something is attached.
struct BridgeDevice {
  let index: Int32
  let name: String
  let subnet: IPv4Subnet
  let isInternal: Bool
  /// The addresses of services of the network: its addresses of one host.
  var services: [IPv4Address] = []

  private static let mark = "tote:"
  private static let internalMark = "tote-internal:"

  /// The device's name: `tote0` for the default network of the default store, else by a hash of the network's place.
  static func name(_ network: String, in store: NetworkStore) -> String {
    if network == NetworkDefinition.defaultName, store.root == NetworkStore.defaultRoot { return "tote0" }
    return "tote-" + hexadecimal(fnv1a("\(store.directory(network))"), digits: 10)
  }

  /// Every bridge that tote made in this namespace, whatever store it belongs to.
  static func all(_ route: inout NetlinkSocket) throws(SystemError) -> [BridgeDevice] {
    var devices: [BridgeDevice] = []
    for link in try route.links() where link.kind == "bridge" {
      guard let alias = link.alias, alias.hasPrefix(mark) || alias.hasPrefix(internalMark) else { continue }
      let addresses = try route.addresses(interface: link.index).compactMap { bytes, length in
        IPv4Address(bytes: bytes).map { (address: $0, length: length) }
      }
      for (address, length) in addresses where length < 32 {
        devices.append(
          BridgeDevice(
            index: link.index, name: link.name, subnet: IPv4Subnet(address, prefixLength: length),
            isInternal: alias.hasPrefix(internalMark),
            services: addresses.filter { $0.length == 32 }.map(\.address)))
      }
    }
    return devices
  }

  /// The index of the network's bridge, which is made and made known to the table where it is not there. The caller holds the lock.
  static func up(
    _ definition: inout NetworkDefinition, _ store: NetworkStore, _ sockets: inout NetworkSockets
  ) throws(NetworkError) -> Int32 {
    let name = name(definition.name, in: store)
    let attempt = "network '\(definition.name)'"
    if let link = try attempting(attempt, { () throws(SystemError) in try sockets.route.link(named: name) }) {
      try Upkeep.ensureTable(&sockets.netfilter, &sockets.route) { () throws(NetworkError) in try store.balanced() }
      return link.index
    }
    if definition.isAutomatic, try isTaken(definition.subnet, &sockets.route, attempt) {
      definition.subnet = try store.chooseSubnet(&sockets.route, for: definition.name)
      definition.gateway = IPv4Address(rawValue: definition.subnet.address.rawValue + 1)
      try store.save(definition)
    }
    let index = try create(name, definition, store, &sockets.route)
    for _ in 0..<16 {
      let isNew = try Upkeep.ensureTable(&sockets.netfilter, &sockets.route) { () throws(NetworkError) in
        try store.balanced()
      }
      // A table that is there may go before the network is in it, with the last of another store: then once more.
      if isNew { return index }
      if try announce(name, definition, &sockets.netfilter) { return index }
    }
    throw NetworkError(.failure, "\(attempt): the table 'tote' of nftables keeps going away")
  }

  private static func isTaken(_ subnet: IPv4Subnet, _ route: inout NetlinkSocket, _ attempt: String) throws(NetworkError) -> Bool {
    do { return try SubnetChoice.taken(&route).contains(where: subnet.overlaps) } catch { throw NetworkError(attempt, error) }
  }

  private static func create(
    _ name: String, _ definition: NetworkDefinition, _ store: NetworkStore, _ route: inout NetlinkSocket
  ) throws(NetworkError) -> Int32 {
    let alias = (definition.isInternal ? internalMark : mark) + "\(store.directory(definition.name))"
    return try attempting("network '\(definition.name)'") { () throws(SystemError) in
      try route.perform([
        .addBridge(name, hardwareAddress: MACAddress(for: definition.gateway).bytes, mtu: definition.mtu)
      ])
      guard let index = try route.link(named: name)?.index else { throw SystemError("get link", quoted(name), .noSuchFileOrDirectory) }
      try route.perform([
        .setAlias(String(decoding: alias.utf8.prefix(250), as: UTF8.self), of: index),
        .addAddress(definition.gateway.bytes, prefixLength: definition.subnet.prefixLength, interface: index),
      ])
      try Sysctl.routeLocalnet(name).set("1")
      return index
    }
  }

  /// Puts the network into the sets of a table that is there already; false where it no longer is.
  private static func announce(_ name: String, _ definition: NetworkDefinition, _ netfilter: inout NetlinkSocket) throws(NetworkError)
    -> Bool
  {
    let requests = Upkeep.elements(bridge: name, subnet: definition.subnet, isInternal: definition.isInternal, []).flatMap {
      set, elements in
      Ruleset.table.addElements(elements, to: set, exclusive: false)
    }
    do { try netfilter.transact(requests) } catch {
      if error.errno == .noSuchFileOrDirectory { return false }
      throw NetworkError("network '\(definition.name)'", error)
    }
    return true
  }

  /// Takes the network out of the table; the device itself is the caller's to delete.
  static func withdraw(
    _ name: String, _ definition: NetworkDefinition, services: [IPv4Address], _ netfilter: inout NetlinkSocket
  ) throws(NetworkError) {
    // One by one: an element that somebody has removed by hand must not keep the others.
    for (set, elements) in Upkeep.elements(bridge: name, subnet: definition.subnet, isInternal: definition.isInternal, services) {
      do { try netfilter.transact(Ruleset.table.removeElements(elements, from: set)) } catch {
        if error.errno != .noSuchFileOrDirectory { throw NetworkError("network '\(definition.name)'", error) }
      }
    }
    try Upkeep.removeTableIfUnused(&netfilter)
  }
}

/// The lowest bits of `value` as so many hexadecimal digits.
func hexadecimal(_ value: UInt64, digits: Int) -> String {
  let text = String(value, radix: 16)
  return String((String(repeating: "0", count: 16 - text.utf8.count) + text).suffix(digits))
}
