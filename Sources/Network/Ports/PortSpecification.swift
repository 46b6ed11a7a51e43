/// One port of a container and where it is to be published: what docker makes of a part of a `-p` option (`nat.PortBinding`).
package struct PortSpecification: Hashable, Sendable {
  package var transport: TransportProtocol
  package var containerPort: UInt16
  /// As it was typed, without brackets; empty for every address of the host.
  package var hostIP: String
  /// The ports of the host to choose from: the first that is free. nil for any; 0 alone means the same.
  package var hostPorts: ClosedRange<UInt16>?

  package init(_ transport: TransportProtocol, containerPort: UInt16, hostIP: String = "", hostPorts: ClosedRange<UInt16>? = nil) {
    self.transport = transport
    self.containerPort = containerPort
    self.hostIP = hostIP
    self.hostPorts = hostPorts
  }

  /// docker's `HostPort`: empty, a number, or a range.
  package var hostPortText: String {
    guard let hostPorts else { return "" }
    return hostPorts.count == 1 ? "\(hostPorts.lowerBound)" : "\(hostPorts.lowerBound)-\(hostPorts.upperBound)"
  }

  /// Whether any free port of the host will do.
  package var isRandom: Bool { hostPorts == nil || hostPorts == 0...0 }
}

extension PortSpecification {
  /// Reads one value of `-p`: `[[ip:][hostPort]:]containerPort[/protocol]`, ports also as ranges, or the long form
  /// `target=80,published=8080`. What is accepted, what comes of it and what is said of the rest is docker's (go-connections, `nat`).
  package static func parse(_ text: String) throws(NetworkError) -> [PortSpecification] {
    let text = isLongForm(text) ? try shortForm(text) : text
    var (ip, hostPort, containerPort) = split(text)
    let transport: String
    (transport, containerPort) = splitProtocol(containerPort)
    if !ip.isEmpty { ip = try stripBrackets(ip) }
    if !ip.isEmpty, HostAddress(ip) == nil { throw NetworkError(.invalid, "Invalid ip address: \(ip)") }
    if containerPort.isEmpty { throw NetworkError(.invalid, "No port specified: \(text)<empty>") }
    guard let inside = portRange(containerPort) else { throw NetworkError(.invalid, "Invalid containerPort: \(containerPort)") }
    var outside: ClosedRange<UInt16>?
    if !hostPort.isEmpty {
      outside = portRange(hostPort)
      if outside == nil { throw NetworkError(.invalid, "Invalid hostPort: \(hostPort)") }
    }
    if let outside, outside.count != inside.count, inside.count > 1 {
      throw NetworkError(.invalid, "Invalid ranges specified for container and host Ports: \(containerPort) and \(hostPort)")
    }
    guard let transport = TransportProtocol(rawValue: transport.lowercased()) else {
      throw NetworkError(.invalid, "Invalid proto: \(transport)")
    }
    return inside.map { port in
      // A range of the host's for one port of the container's is a choice; else they go in pairs.
      let choice = inside.count == 1 ? outside : outside.map { $0.lowerBound + (port - inside.lowerBound) }.map { $0...$0 }
      return PortSpecification(transport, containerPort: port, hostIP: ip, hostPorts: choice)
    }
  }

  /// Reads one value of `--expose`, or a key of an image's `ExposedPorts`: `80`, `80/udp`, `80-82/tcp`.
  package static func parseExposed(_ text: String) throws(NetworkError) -> [PortSpecification] {
    let (transport, ports) = splitProtocol(text)
    guard !text.contains(":"), let range = portRange(ports), let transport = TransportProtocol(rawValue: transport.lowercased()) else {
      throw NetworkError(.invalid, "invalid port format for --expose: \(text)")
    }
    return range.map { PortSpecification(transport, containerPort: $0) }
  }

  /// Address, host's ports and container's ports; the colons count from the right.
  private static func split(_ text: String) -> (String, String, String) {
    var parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let containerPort = parts.removeLast()
    let hostPort = parts.popLast() ?? ""
    return (parts.joined(separator: ":"), hostPort, containerPort)
  }

  /// `80/udp` gives `udp` and `80`; a second slash and what is behind it is nothing to docker.
  private static func splitProtocol(_ text: String) -> (transport: String, ports: String) {
    let parts = text.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
    if parts[0].isEmpty { return ("", "") }
    return (parts.count > 1 && !parts[1].isEmpty ? parts[1] : "tcp", parts[0])
  }

  /// Go's `net.SplitHostPort(ip + ":")`.
  private static func stripBrackets(_ ip: String) throws(NetworkError) -> String {
    func wrong(_ reason: String) -> NetworkError { NetworkError(.invalid, "Invalid ip address \(ip): address \(ip):: \(reason)") }
    guard ip.hasPrefix("[") else {
      if ip.contains(":") { throw wrong("too many colons in address") }
      if ip.contains("[") { throw wrong("unexpected '[' in address") }
      if ip.contains("]") { throw wrong("unexpected ']' in address") }
      return ip
    }
    guard let end = ip.firstIndex(of: "]") else { throw wrong("missing ']' in address") }
    let behind = ip[ip.index(after: end)...]
    if behind.hasPrefix(":") { throw wrong("too many colons in address") }
    if !behind.isEmpty { throw wrong("missing port in address") }
    let host = ip[ip.index(after: ip.startIndex)..<end]
    if host.contains("[") { throw wrong("unexpected '[' in address") }
    return String(host)
  }

  /// `80` or `80-82`; nil for what is no range.
  private static func portRange(_ text: String) -> ClosedRange<UInt16>? {
    let parts = text.split(separator: "-", omittingEmptySubsequences: false)
    guard let first = number(parts[0]) else { return nil }
    if parts.count == 1 { return first...first }
    guard let last = number(parts[1]), last >= first else { return nil }
    return first...last
  }

  private static func number(_ text: Substring) -> UInt16? {
    guard !text.isEmpty, text.utf8.allSatisfy({ (48...57).contains($0) }) else { return nil }
    return UInt16(text)
  }
}
