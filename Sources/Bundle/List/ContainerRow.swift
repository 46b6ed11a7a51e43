internal import CommandSupport
internal import JSON
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

/// One line of `docker ps`.
package struct ContainerRow: Sendable {
  package let container: StoredContainer
  package let state: ContainerState
  let ports: [ShownPort]

  /// The columns and members that templates may name, with their titles.
  package static let titles: [(field: String, title: String)] = [
    ("ID", "CONTAINER ID"), ("Image", "IMAGE"), ("Command", "COMMAND"), ("CreatedAt", "CREATED AT"), ("RunningFor", "CREATED"),
    ("Status", "STATUS"), ("State", "STATE"), ("Ports", "PORTS"), ("Names", "NAMES"), ("Size", "SIZE"), ("Labels", "LABELS"),
    ("Mounts", "MOUNTS"), ("LocalVolumes", "LOCAL VOLUMES"), ("Networks", "NETWORKS"), ("HealthStatus", "HEALTH STATUS"),
  ]
  package static let table =
    "{{.ID}}\\t{{.Image}}\\t{{.Command}}\\t{{.RunningFor}}\\t{{.Status}}\\t{{.Ports}}\\t{{.Names}}"

  init(_ container: StoredContainer, _ state: ContainerState, published: PublishedPorts) {
    self.container = container
    self.state = state
    guard state.isRunning else {
      ports = []
      return
    }
    let shown = published.of(container.record.id)
    let exposed = (container.record.networks.isEmpty ? [] : container.record.exposedPorts).compactMap { text -> ShownPort? in
      guard let (port, transport) = text.cut(at: "/"), let number = UInt16(port) else { return nil }
      return ShownPort(containerPort: number, transport: transport)
    }
    ports = shown + exposed.filter { port in !shown.contains { $0.containerPort == port.containerPort && $0.transport == port.transport } }
  }

  /// The members that docker's `--format` knows. `image` is what the image is called now; `size` nil was not asked for.
  func fields(full: Bool, image: String, size: String?, now: Timestamp) -> JSONValue {
    let record = container.record
    let created = Timestamp(rfc3339: record.created) ?? Timestamp(seconds: 0)
    let command = commandText
    let mounts = record.mounts.filter { $0.type != "tmpfs" }.map { $0.name ?? $0.source }.map { full ? $0 : ellipsis($0, 15) }
    return [
      "Command": .string(goQuoted(full ? command : ellipsis(command, 20))), "CreatedAt": .string(goTime(created)),
      "HealthStatus": .string(state.health ?? ""), "ID": .string(full ? record.id : shortID(record.id)), "Image": .string(image),
      "Labels": .string(record.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")),
      "LocalVolumes": .string("\(record.mounts.count { $0.type == "volume" })"), "Mounts": .string(mounts.joined(separator: ",")),
      "Names": .string(record.name), "Networks": .string(networks.joined(separator: ",")), "Ports": .string(portsColumn(ports)),
      "RunningFor": .string(humanAge(created, now: now)), "Size": .string(size ?? "0B"), "State": .string(state.status.rawValue),
      "Status": .string(status(now)),
    ]
  }

  var networks: [String] {
    let record = container.record
    return record.networks.isEmpty ? [record.networkMode] : record.networks.map(\.name)
  }

  /// docker's words for how it is.
  func status(_ now: Timestamp) -> String {
    func age(_ text: String) -> String { humanDuration(seconds: now.seconds - (Timestamp(rfc3339: text) ?? now).seconds) }
    switch state.status {
    case .created: return "Created"
    case .removing: return "Removal In Progress"
    case .dead: return "Dead"
    case .exited: return "Exited (\(state.exitCode)) \(age(state.finishedAt)) ago"
    case .restarting: return "Restarting (\(state.exitCode)) \(age(state.finishedAt)) ago"
    case .paused: return "Up \(age(state.startedAt)) (Paused)"
    case .running:
      guard let health = state.health else { return "Up \(age(state.startedAt))" }
      return "Up \(age(state.startedAt)) (\(health == "starting" ? "health: starting" : health))"
    }
  }

  /// The path and arguments, those with a space in single quotes.
  private var commandText: String {
    ([container.record.path] + container.record.args.map { $0.contains(" ") ? "'\($0)'" : $0 }).joined(separator: " ")
  }
}

/// `text` cut to `width` characters, the last of them `…`.
func ellipsis(_ text: String, _ width: Int) -> String {
  let scalars = text.unicodeScalars
  guard scalars.count > width else { return text }
  return String(String.UnicodeScalarView(scalars.prefix(width - 1))) + "…"
}

/// A time as Go prints one, in UTC: `2026-11-21 10:27:01 +0000 UTC`.
func goTime(_ time: Timestamp) -> String {
  let text = Timestamp(seconds: time.seconds).rfc3339
  return String(text.prefix(10)) + " " + text.dropFirst(11).prefix(8) + " +0000 UTC"
}
