internal import Linux
internal import SystemPackage

/// Settles which port of the host a specification gets.
struct PortChoice {
  private struct Key: Hashable {
    let transport: TransportProtocol
    let port: UInt16
  }

  private var taken: [Key: [PublishedPort]] = [:]

  init(_ existing: [PublishedPort]) {
    for port in existing { add(port) }
  }

  private mutating func add(_ port: PublishedPort) {
    taken[Key(transport: port.transport, port: port.hostPort), default: []].append(port)
  }

  /// The port, which then counts as taken.
  mutating func choose(
    _ specification: PortSpecification, to address: IPv4Address, owner: String, member: ServiceMember? = nil
  ) throws(NetworkError) -> PublishedPort {
    guard specification.containerPort != 0 else { throw NetworkError(.invalid, "invalid container port 0") }
    let host: IPv4Address
    switch specification.hostIP {
    case "": host = .any
    case let text:
      guard let address = IPv4Address(text) else {
        throw NetworkError(.invalid, "publishing on the IPv6 address '\(text)' is not implemented")
      }
      host = address
    }
    var ports = try candidates(specification)
    if specification.isRandom, let shared = portOfService(specification, host, member) { ports = [shared] }
    for port in ports {
      let wanted = PublishedPort(
        specification.transport, host: host, port, to: address, specification.containerPort, owner: owner, member: member)
      if let holder = try holder(of: wanted, naming: specification.hostPorts?.count == 1) {
        if specification.isRandom || specification.hostPorts?.count != 1 { continue }
        throw NetworkError(.conflict, "Bind for \(host):\(port) failed: port is already allocated\(holder)")
      }
      add(wanted)
      return wanted
    }
    let range = specification.isRandom ? "a random port" : specification.hostPortText
    throw NetworkError(.conflict, "Bind for \(host):\(range) failed: all ports are allocated")
  }

  /// The random port that other members of the service have got.
  private func portOfService(_ specification: PortSpecification, _ host: IPv4Address, _ member: ServiceMember?) -> UInt16? {
    guard let member else { return nil }
    return taken.values.joined().first {
      $0.member?.service == member.service && $0.transport == specification.transport
        && $0.containerPort == specification.containerPort && $0.hostAddress == host
    }?.hostPort
  }

  private func candidates(_ specification: PortSpecification) throws(NetworkError) -> [UInt16] {
    if let range = specification.hostPorts, !specification.isRandom { return range.filter { $0 != 0 } }
    let range = Self.ephemeralRange()
    // From a random place on and round: what was free lately is likely to be so again, and nobody can foretell it.
    let start = UInt16.random(in: range)
    return Array(start...range.upperBound) + Array(range.lowerBound..<start)
  }

  /// The range that the kernel takes ports of outgoing connections from (ip(7)); the IANA's where it does not tell.
  private static func ephemeralRange() -> ClosedRange<UInt16> {
    let path = FilePath("/proc/sys/net/ipv4/ip_local_port_range")
    let text = (try? readFile(path, limit: 256)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    let bounds = text.split { $0 == "\t" || $0 == " " || $0 == "\n" }.compactMap { UInt16($0) }
    guard bounds.count == 2, bounds[0] > 0, bounds[0] <= bounds[1] else { return 49153...65535 }
    return bounds[0]...bounds[1]
  }

  /// Who has the port, as the end of a message (empty where nobody can tell); nil where it is free.
  private func holder(of wanted: PublishedPort, naming: Bool) throws(NetworkError) -> String? {
    let others = taken[Key(transport: wanted.transport, port: wanted.hostPort)] ?? []
    if let other = others.first(where: { wanted.overlaps($0) && !wanted.isShared(with: $0) }) {
      return other.member.map { " (by service '\($0.service)')" } ?? " (by container '\(other.owner)')"
    }
    do {
      if try isPortFree(transport: wanted.transport.number, address: wanted.hostAddress.rawValue, port: wanted.hostPort) { return nil }
    } catch {
      if error.errno == .addressNotAvailable {
        throw NetworkError(.invalid, "Bind for \(wanted.hostAddress):\(wanted.hostPort) failed: cannot assign requested address")
      }
      throw NetworkError("Bind for \(wanted.hostAddress):\(wanted.hostPort) failed", error)
    }
    guard naming else { return "" }
    return SocketOwner.describe(wanted.transport, wanted.hostPort).map { " (by \($0))" } ?? ""
  }
}
