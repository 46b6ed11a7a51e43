extension Inspection {
  /// `docker port`: one line a published port, or the host's side of the one that `wanted` (`PORT[/PROTO]`) names.
  package func portLines(_ wanted: String?) throws(BundleError) -> [String] {
    guard let wanted else {
      return ports.map { "\($0.containerPort)/\($0.transport) -> \($0.host):\($0.hostPort ?? 0)" }.sorted()
    }
    let parts = wanted.cut(at: "/")
    guard let number = UInt16(parts?.before ?? wanted) else { throw .refused("invalid port '\(wanted)'") }
    let transport = parts?.after ?? "tcp"
    let lines = ports.filter { $0.containerPort == number && $0.transport == transport }
    if lines.isEmpty { throw .refused("no public port '\(number)/\(transport)' published for \(container.record.name)") }
    return lines.map { "\($0.host):\($0.hostPort ?? 0)" }.sorted()
  }
}
