/// A port of the container, and where on the host it is published: one mapping of `-p`, ranges already taken apart.
package struct PortMapping: Hashable, Codable, Sendable {
  /// Empty for every address of the host.
  package var hostIP: String
  /// A port, a range to choose from (`8000-8010`), `0` or empty for any free one.
  package var hostPort: String
  package var containerPort: UInt16
  package var `protocol`: String

  package init(hostIP: String = "", hostPort: String = "", containerPort: UInt16, protocol: String = "tcp") {
    self.hostIP = hostIP
    self.hostPort = hostPort
    self.containerPort = containerPort
    self.protocol = `protocol`
  }

  /// `80/tcp`, as image configurations name it.
  package var exposed: String { "\(containerPort)/\(`protocol`)" }
}

/// Takes `[[IP:]HOSTPORT[-END]:]PORT[-END][/PROTOCOL]` or `published=…,target=…,protocol=…` apart.
package func portMappings(_ text: String) throws(BundleError) -> [PortMapping] {
  let spec = try text.contains("=") ? longPortSpec(text) : text
  let (ports, proto) = try portProtocol(spec)
  var (address, hostRange, containerRange) = try splitPortSpec(ports, text)
  if address.hasPrefix("["), address.hasSuffix("]") { address = String(address.dropFirst().dropLast()) }
  if !address.isEmpty, !isIPAddress(address) { throw .refused("Invalid ip address: \(address)") }
  if containerRange.isEmpty { throw .refused("No port specified: \(spec)<empty>") }
  guard let (first, last) = portRange(containerRange) else { throw .refused("Invalid containerPort: \(containerRange)") }
  if hostRange.isEmpty { return (first...last).map { PortMapping(hostIP: address, containerPort: $0, protocol: proto) } }
  guard let (hostFirst, hostLast) = portRange(hostRange) else { throw .refused("Invalid hostPort: \(hostRange)") }
  if hostLast - hostFirst != last - first {
    // Several host ports to choose from for one container port.
    guard first == last else {
      throw .refused("Invalid ranges specified for container and host Ports: \(containerRange) and \(hostRange)")
    }
    return [PortMapping(hostIP: address, hostPort: "\(hostFirst)-\(hostLast)", containerPort: first, protocol: proto)]
  }
  return (first...last).map {
    PortMapping(hostIP: address, hostPort: String(hostFirst + ($0 - first)), containerPort: $0, protocol: proto)
  }
}

/// `--expose PORT[-END][/PROTOCOL]`, as image configurations name ports.
package func exposedPorts(_ text: String) throws(BundleError) -> [String] {
  let parts = text.cut(at: "/")
  let range = parts?.before ?? text
  let proto = (parts?.after ?? "tcp").lowercased()
  guard let (first, last) = portRange(range), ["tcp", "udp", "sctp"].contains(proto) else {
    throw .refused("invalid range format for --expose: invalid port \(goQuoted(text))")
  }
  return (first...last).map { "\($0)/\(proto)" }
}

private func longPortSpec(_ text: String) throws(BundleError) -> String {
  var values: [String: String] = ["protocol": "tcp"]
  for field in text.split(separator: ",", omittingEmptySubsequences: false) {
    guard let (name, value) = field.cut(at: "="), !name.isEmpty else {
      throw .refused("invalid publish opts format (should be name=value but got '\(field)')")
    }
    values[name] = value
  }
  return "\(values["published", default: ""]):\(values["target", default: ""])/\(values["protocol", default: ""])"
}

private func portProtocol(_ spec: String) throws(BundleError) -> (ports: String, proto: String) {
  // What follows a second slash is ignored, as docker does.
  let parts = spec.split(separator: "/", omittingEmptySubsequences: false).map(String.init)
  let proto = parts.count > 1 && !parts[1].isEmpty ? parts[1].lowercased() : "tcp"
  if parts[0].isEmpty { throw .refused("No port specified: \(spec)<empty>") }
  guard ["tcp", "udp", "sctp"].contains(proto) else { throw .refused("Invalid proto: \(parts[1])") }
  return (parts[0], proto)
}

private func splitPortSpec(_ ports: String, _ text: String) throws(BundleError) -> (String, String, String) {
  let parts = ports.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
  switch parts.count {
  case 1: return ("", "", parts[0])
  case 2: return ("", parts[0], parts[1])
  case 3: return (parts[0], parts[1], parts[2])
  default:
    let address = parts[..<(parts.count - 2)].joined(separator: ":")
    guard address.hasPrefix("["), address.hasSuffix("]") else {
      throw .refused("Invalid ip address \(address): address \(address):: too many colons in address")
    }
    return (address, parts[parts.count - 2], parts[parts.count - 1])
  }
}

private func portRange(_ text: String) -> (first: UInt16, last: UInt16)? {
  let parts = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
  guard parts.allSatisfy({ !$0.isEmpty && $0.utf8.allSatisfy(isDigit) }), let first = UInt16(parts[0]) else { return nil }
  guard parts.count > 1 else { return (first, first) }
  guard let last = UInt16(parts[1]), last >= first else { return nil }
  return (first, last)
}
