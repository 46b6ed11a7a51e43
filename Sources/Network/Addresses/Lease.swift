internal import JSON
internal import Linux
internal import SystemPackage

/// An address that is given out: the file `networks/<name>/leases/<address>`.
///
/// It counts as long as its link is there: a container that went without a word takes its link with it, and with that its lease is stale.
package struct Lease: Hashable, Sendable {
  package var address: IPv4Address
  package var owner: String
  package var macAddress: MACAddress
  /// The host's end of the veth pair.
  package var link: String
  /// The container's end.
  package var interface: String

  /// An address of a service, whose name is in the owner's place: the bridge has it, and it needs no container.
  init(service: String, _ address: IPv4Address, bridge: String) {
    self.init(address: address, owner: service, macAddress: MACAddress(for: address), link: bridge, interface: "")
  }

  var isService: Bool { interface.isEmpty }

  var json: JSONValue {
    [
      "owner": .string(owner), "address": .string("\(address)"), "macAddress": .string("\(macAddress)"), "link": .string(link),
      "interface": .string(interface),
    ]
  }

  init(address: IPv4Address, owner: String, macAddress: MACAddress, link: String, interface: String) {
    self.address = address
    self.owner = owner
    self.macAddress = macAddress
    self.link = link
    self.interface = interface
  }

  init?(_ json: JSONValue, address: IPv4Address) {
    guard let owner = json["owner"]?.stringValue, let mac = json["macAddress"]?.stringValue.flatMap({ MACAddress($0) }),
      let link = json["link"]?.stringValue, let interface = json["interface"]?.stringValue
    else { return nil }
    self.init(address: address, owner: owner, macAddress: mac, link: link, interface: interface)
  }
}

/// The leases of one network; the caller holds the network's lock while it changes any.
struct LeaseDirectory: ~Copyable {
  private let directory: OwnedDescriptor
  private let network: String

  init(_ store: NetworkStore, _ network: String) throws(NetworkError) {
    self.network = network
    directory = try attempting("network '\(network)'") { () throws(SystemError) in
      do throws(SystemError) { return try openFile(store.leases(network), [.readOnly, .directory]) } catch
        where error.errno == .noSuchFileOrDirectory
      {
        try makeDirectories(store.leases(network))
        return try openFile(store.leases(network), [.readOnly, .directory])
      }
    }
  }

  /// The addresses that have a file.
  func addresses() throws(NetworkError) -> Set<IPv4Address> {
    do { return Set(try directory.entries().compactMap { IPv4Address($0.name.string) }) } catch {
      throw NetworkError("network '\(network)'", error)
    }
  }

  /// nil where the address is free or its file says nothing that makes sense.
  func lease(_ address: IPv4Address) throws(NetworkError) -> Lease? {
    do {
      let content = try directory.open(FilePath("\(address)"), [.readOnly, .noFollow]).readAll(limit: 1 << 16)
      return (try? JSONValue(parsing: content)).flatMap { Lease($0, address: address) }
    } catch {
      if error.errno == .noSuchFileOrDirectory { return nil }
      throw NetworkError("lease \(address)", error)
    }
  }

  func all() throws(NetworkError) -> [Lease] {
    var leases: [Lease] = []
    for address in try addresses().sorted() {
      if let lease = try lease(address) { leases.append(lease) }
    }
    return leases
  }

  /// Nothing is synced: after a reboot no lease means anything.
  func write(_ lease: Lease) throws(NetworkError) {
    do { try directory.replaceFile(FilePath("\(lease.address)"), with: lease.json.serialized(), durable: false) } catch {
      throw NetworkError("lease \(lease.address)", error)
    }
  }

  func remove(_ address: IPv4Address) throws(NetworkError) {
    do { try directory.remove(FilePath("\(address)")) } catch {
      if error.errno != .noSuchFileOrDirectory { throw NetworkError("lease \(address)", error) }
    }
  }

  /// An address for `owner`: `wanted`, or the lowest that is free. A lease whose link is gone counts as free.
  func choose(
    _ wanted: IPv4Address?, for definition: NetworkDefinition, _ socket: inout NetlinkSocket
  ) throws(NetworkError) -> IPv4Address {
    if let wanted { return try claim(wanted, for: definition, &socket) }
    guard let hosts = definition.subnet.hosts else {
      throw NetworkError(.invalid, "network '\(network)': the subnet \(definition.subnet) has no room for containers")
    }
    let taken = try addresses()
    let kept = Set(definition.reserved.values).union([definition.gateway])
    let candidates = definition.range.map { $0.address.rawValue...$0.last.rawValue }?.clamped(to: hosts) ?? hosts
    for pass in 0..<2 {
      for value in candidates {
        let address = IPv4Address(rawValue: value)
        if kept.contains(address) { continue }
        if pass == 0 ? !taken.contains(address) : try isStale(address, &socket) { return address }
      }
      if taken.isEmpty { break }
    }
    throw NetworkError(.conflict, "network '\(network)': no address of \(definition.range ?? definition.subnet) is free")
  }

  private func claim(
    _ wanted: IPv4Address, for definition: NetworkDefinition, _ socket: inout NetlinkSocket
  ) throws(NetworkError) -> IPv4Address {
    guard definition.subnet.contains(wanted), wanted != definition.subnet.address, wanted != definition.subnet.last else {
      throw NetworkError(.invalid, "address \(wanted) is not one of network '\(network)' (\(definition.subnet))")
    }
    if let (name, _) = definition.reserved.first(where: { $0.value == wanted }) {
      throw NetworkError(.conflict, "address \(wanted) of network '\(network)' is reserved for '\(name)'")
    }
    if wanted == definition.gateway { throw NetworkError(.conflict, "address \(wanted) is the gateway of network '\(network)'") }
    if let lease = try lease(wanted), try !isStale(wanted, &socket) {
      throw NetworkError(.conflict, "address \(wanted) is already in use by container '\(lease.owner)'")
    }
    return wanted
  }

  private func isStale(_ address: IPv4Address, _ socket: inout NetlinkSocket) throws(NetworkError) -> Bool {
    guard let lease = try lease(address) else { return true }
    do { return try socket.link(named: lease.link) == nil } catch { throw NetworkError("lease \(address)", error) }
  }

  /// The addresses of services.
  func services() throws(NetworkError) -> [Lease] { try all().filter(\.isService) }

  /// Whether a lease is left whose link is there. Those whose link is gone are removed on the way.
  func isInUse(_ socket: inout NetlinkSocket, but gone: Set<String> = []) throws(NetworkError) -> Bool {
    for address in try addresses() {
      let lease = try lease(address)
      // A service keeps no network; its address goes with it.
      if lease?.isService == true { continue }
      if let lease, !gone.contains(lease.link), try !isStale(address, &socket) { return true }
      try remove(address)
    }
    return false
  }
}
