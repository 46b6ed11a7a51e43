internal import Linux
internal import SystemPackage

/// Settles which port of the host a specification gets.
struct PortChoice {
  private struct Key: Hashable {
    let transport: TransportProtocol
    let port: UInt16
  }

  private var taken: [Key: [PublishedPort]] = [:]

  private let broker: PortBroker?

  /// - Parameter broker: whom to ask for sockets before taking them in the own namespace.
  init(_ existing: [PublishedPort], broker: PortBroker? = nil) {
    self.broker = broker
    for port in existing { add(port) }
  }

  private mutating func add(_ port: PublishedPort) {
    taken[Key(transport: port.transport, port: port.hostPort), default: []].append(port)
  }

  /// Takes the port for the specification: on both families where it names no address and the host has both.
  ///
  /// - Returns: the ports, which then count as taken, each with the socket that holds it against other programs.
  mutating func choose(
    _ specification: PortSpecification, to address: IPv4Address, owner: String, member: ServiceMember? = nil, isKept: Bool = true,
    isRelayed: Bool = false
  ) throws(NetworkError) -> [HeldPort] {
    guard specification.containerPort != 0 else { throw NetworkError(.invalid, "invalid container port 0") }
    let hosts = try hosts(specification, isKept)
    var ports = try candidates(specification)
    if specification.isRandom, let shared = portOfService(specification, hosts[0], member) { ports = [shared] }
    candidates: for port in ports {
      var held: [HeldPort] = []
      for host in hosts {
        var wanted = PublishedPort(
          specification.transport, host: host, port, to: address, specification.containerPort, owner: owner, member: member)
        wanted.isRelayed = isRelayed
        switch try take(wanted, naming: specification.hostPorts?.count == 1) {
        case .held(let port):
          // What nobody keeps has only been tried.
          held.append(isKept ? port : HeldPort(port: port.port, socket: nil))
        case .noFamily: continue
        case .taken(let holder):
          if specification.isRandom || specification.hostPorts?.count != 1 { continue candidates }
          throw NetworkError(.conflict, "Bind for \(host.with(port: port)) failed: port is already allocated\(holder)")
        }
      }
      for port in held { add(port.port) }
      return held
    }
    let range = specification.isRandom ? "a random port" : specification.hostPortText
    throw NetworkError(.conflict, "Bind for \(hosts[0].with(port: range)) failed: all ports are allocated")
  }

  /// The addresses that a specification means. Nobody answers on IPv6 where no process may stay, and none relays SCTP.
  private func hosts(_ specification: PortSpecification, _ isKept: Bool) throws(NetworkError) -> [HostAddress] {
    let hasIPv6 = isKept && specification.transport != .sctp
    if specification.hostIP.isEmpty { return hasIPv6 ? [.any, .anyIPv6] : [.any] }
    guard let host = HostAddress(specification.hostIP) else { throw NetworkError(.invalid, "Invalid ip address: \(specification.hostIP)") }
    if !host.isIPv4, !hasIPv6 {
      let what = specification.transport == .sctp ? "SCTP" : "a port, with no process that may stay,"
      throw NetworkError(.invalid, "publishing \(what) on the IPv6 address '\(host)' is not possible")
    }
    return [host]
  }

  /// The random port that other members of the service have got.
  private func portOfService(_ specification: PortSpecification, _ host: HostAddress, _ member: ServiceMember?) -> UInt16? {
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

  private enum Attempt {
    case held(HeldPort)
    /// The host does without that family.
    case noFamily
    /// Who has it, as the end of a message; empty where nobody can tell.
    case taken(String)
  }

  private func take(_ wanted: PublishedPort, naming: Bool) throws(NetworkError) -> Attempt {
    let others = taken[Key(transport: wanted.transport, port: wanted.hostPort)] ?? []
    if let other = others.first(where: { wanted.overlaps($0) && !wanted.isShared(with: $0) }) {
      return .taken(other.member.map { " (by service '\($0.service)')" } ?? " (by container '\(other.owner)')")
    }
    let place = wanted.hostAddress.with(port: wanted.hostPort)
    do throws(SystemError) {
      switch try broker?.take(wanted) {
      case .held(let socket): return .held(HeldPort(port: wanted, socket: socket))
      case .taken(let holder): return .taken(naming && !holder.isEmpty ? " (by \(holder))" : "")
      case .failed(let reason): throw SystemError("bind", place, reason)
      case nil: break
      }
      let bound = try bindPort(
        transport: wanted.transport.number, SocketAddress(wanted.hostAddress.bytes, port: wanted.hostPort), isShared: wanted.member != nil)
      if let bound { return .held(HeldPort(port: wanted, socket: HeldPort.Socket(bound))) }
    } catch {
      switch error.errno {
      // No IPv6 in the kernel, or none on any interface; without SCTP nobody listens on it.
      case .addressFamilyNotSupported where wanted.hostAddress == .anyIPv6, .addressNotAvailable where wanted.hostAddress == .anyIPv6:
        return .noFamily
      case .protocolNotSupported, .socketTypeNotSupported:
        return .held(HeldPort(port: wanted, socket: nil))
      case .addressNotAvailable:
        throw NetworkError(.invalid, "Bind for \(place) failed: cannot assign requested address")
      default:
        throw NetworkError("Bind for \(place) failed", error)
      }
    }
    guard naming else { return .taken("") }
    return .taken(SocketOwner.describe(wanted.transport, wanted.hostPort).map { " (by \($0))" } ?? "")
  }
}
