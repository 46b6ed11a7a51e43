/// `[[ADDRESS:]PUBLISHED:]TARGET[/PROTOCOL]`, with ranges, as the long form: one entry for each port of the container.
func portLongForms(_ node: Node, _ path: ModelPath) throws(ComposeError) -> [Node]? {
  guard let text = node.scalarText else { return nil }
  do {
    return try PortShortForm(text).entries.map { port in
      var mapping = Mapping()
      func set(_ name: String, _ content: Node.Content) {
        mapping.set(name, Node(content, at: node.position), keyPosition: node.position)
      }
      set("mode", .string("ingress"))
      if let address = port.address { set("host_ip", .string(address)) }
      set("target", .integer("\(port.target)"))
      if let published = port.published { set("published", .string(published)) }
      set("protocol", .string(port.protocol))
      return Node(.mapping(mapping), at: node.position)
    }
  } catch { throw ComposeError(error.message, path: path, at: node.position) }
}

/// docker's reading of a port's short form (go-connections, `nat.ParsePortSpec`).
private struct PortShortForm {
  struct Entry {
    var address: String?
    var published: String?
    var target: UInt16
    var `protocol`: String
  }

  private(set) var entries: [Entry] = []

  init(_ text: String) throws(GoValueError) {
    let slash = text.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false)
    let transport = slash.count > 1 ? slash[1].lowercased() : "tcp"
    let parts = (slash.first ?? "").split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    let target = parts.last ?? ""
    let published = parts.count > 1 ? parts[parts.count - 2] : ""
    let address = try Self.address(parts.dropLast(2).joined(separator: ":"))
    if target.isEmpty { throw GoValueError("No port specified: \(text)<empty>") }
    guard let targets = Self.range(target) else { throw GoValueError("Invalid containerPort: \(target)") }
    guard ["tcp", "udp", "sctp"].contains(transport) else { throw GoValueError("Invalid proto: \(transport)") }
    var publishedPorts: ClosedRange<UInt16>?
    if !published.isEmpty {
      guard let range = Self.range(published) else { throw GoValueError("Invalid hostPort: \(published)") }
      if range.count != targets.count, targets.count > 1 {
        throw GoValueError("Invalid ranges specified for container and host Ports: \(target) and \(published)")
      }
      publishedPorts = range
    }
    for (offset, port) in targets.enumerated() {
      var own: String?
      if let publishedPorts {
        // A range of the host for one port of the container is left to choose from.
        let isChoice = targets.count == 1 && publishedPorts.count > 1
        own = isChoice ? "\(publishedPorts.lowerBound)-\(publishedPorts.upperBound)" : "\(publishedPorts.lowerBound + UInt16(offset))"
      }
      entries.append(Entry(address: address, published: own, target: port, protocol: transport))
    }
  }

  private static func address(_ text: String) throws(GoValueError) -> String? {
    if text.isEmpty { return nil }
    if text.hasPrefix("["), text.hasSuffix("]") { return String(text.dropFirst().dropLast()) }
    if text.contains(":") { throw GoValueError("Invalid ip address \(text): address \(text):: too many colons in address") }
    let numbers = text.split(separator: ".", omittingEmptySubsequences: false)
    guard numbers.count == 4, numbers.allSatisfy({ UInt8($0) != nil }) else { throw GoValueError("Invalid ip address: \(text)") }
    return text
  }

  private static func range(_ text: String) -> ClosedRange<UInt16>? {
    let bounds = text.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false).map { UInt16($0) }
    guard let low = bounds[0] else { return nil }
    if bounds.count == 1 { return low...low }
    guard let high = bounds[1], low <= high else { return nil }
    return low...high
  }
}
