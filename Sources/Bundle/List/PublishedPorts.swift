internal import Linux
internal import SystemPackage

/// A port of a container as a listing shows it; `hostPort` is nil for one that is only exposed.
struct ShownPort: Hashable, Sendable {
  var hostIP = ""
  var hostPort: UInt16?
  var containerPort: UInt16
  var transport: String

  /// The address as it stands before a colon: an IPv6 one in brackets.
  var host: String { hostIP.contains(":") ? "[\(hostIP)]" : hostIP }
}

/// portmap's `$TOTE_RUN/ports/published`: one line a port, `tcp 0.0.0.0 4000 172.30.0.2 80 <owner>`.
struct PublishedPorts: Sendable {
  private var byOwner: [String: [ShownPort]] = [:]

  init(_ places: Places) throws(BundleError) {
    let content: [UInt8]
    do { content = try readFile(places.publishedPorts) } catch {
      if error.errno == .noSuchFileOrDirectory { return }
      throw .failed(attempt: "read the published ports", error)
    }
    for line in content.split(separator: 10) {
      let fields = String(decoding: line, as: UTF8.self).split(separator: " ").map(String.init)
      guard [6, 7, 9, 10].contains(fields.count), let hostPort = UInt16(fields[2]), let port = UInt16(fields[4]) else {
        throw .damaged(
          path: places.publishedPorts.description, reason: "'\(String(decoding: line, as: UTF8.self))' is not a published port")
      }
      byOwner[fields[5], default: []].append(
        ShownPort(hostIP: fields[1], hostPort: hostPort, containerPort: port, transport: fields[0]))
    }
  }

  func of(_ id: String) -> [ShownPort] { byOwner[id] ?? [] }
}

/// docker's PORTS column: neighbouring ports joined to ranges, those on another port of the host one by one and last.
func portsColumn(_ ports: [ShownPort]) -> String {
  let sorted = ports.sorted { a, b in
    (a.containerPort, a.hostIP, a.hostPort ?? 0, a.transport) < (b.containerPort, b.hostIP, b.hostPort ?? 0, b.transport)
  }
  var groups: [(port: ShownPort, last: UInt16)] = []
  var done: [String] = []
  var moved: [String] = []
  for port in sorted {
    if let hostPort = port.hostPort, hostPort != port.containerPort {
      moved.append("\(port.host):\(hostPort)->\(port.containerPort)/\(port.transport)")
      continue
    }
    guard let index = groups.firstIndex(where: { $0.port.hostIP == port.hostIP && $0.port.transport == port.transport }) else {
      groups.append((port, port.containerPort))
      continue
    }
    if port.containerPort == groups[index].last { continue }
    if port.containerPort == groups[index].last + 1 {
      groups[index].last += 1
    } else {
      done.append(portGroup(groups[index].port, groups[index].last))
      groups[index] = (port, port.containerPort)
    }
  }
  return (done + groups.map { portGroup($0.port, $0.last) } + moved).joined(separator: ", ")
}

private func portGroup(_ port: ShownPort, _ last: UInt16) -> String {
  let range = port.containerPort == last ? "\(last)" : "\(port.containerPort)-\(last)"
  return port.hostIP.isEmpty ? "\(range)/\(port.transport)" : "\(port.host):\(range)->\(range)/\(port.transport)"
}
