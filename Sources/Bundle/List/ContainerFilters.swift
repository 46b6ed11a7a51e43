/// `docker ps --filter`: values of one name are alternatives, of `label` all must hold; different names must all hold.
package struct ContainerFilters: Sendable {
  private var values: [String: [String]] = [:]
  private var patterns: [String: [Pattern]] = [:]

  private struct Pattern: @unchecked Sendable {
    let text: String
    let expression: Regex<AnyRegexOutput>?
    func matches(_ candidate: String) -> Bool {
      candidate == text || (expression.map { candidate.contains($0) } ?? false)
    }
  }

  package init(_ texts: [String]) throws(BundleError) {
    for text in texts {
      guard let (name, value) = text.cut(at: "=") else {
        throw .refused("bad format of filter (expected name=value)")
      }
      let key = name.trimmed().lowercased()
      guard ContainerFilters.known.contains(key) else { throw .refused("invalid filter '\(key)'") }
      values[key, default: []].append(value.trimmed())
    }
    for key in ["id", "name"] {
      patterns[key] = values[key]?.map { Pattern(text: $0, expression: try? Regex($0)) }
    }
    try check()
  }

  private static let known: Set<String> = [
    "ancestor", "before", "exited", "expose", "health", "id", "is-task", "isolation", "label", "name", "network", "publish", "since",
    "status", "volume",
  ]

  private func check() throws(BundleError) {
    let allowed: [String: Set<String>] = [
      "status": ["created", "restarting", "running", "removing", "paused", "exited", "dead"],
      "health": ["starting", "healthy", "unhealthy", "none"], "is-task": ["true", "false", "1", "0"],
    ]
    for (key, words) in allowed {
      for value in values[key] ?? [] where !words.contains(value) { throw .refused("invalid filter '\(key)=\(value)'") }
    }
    for value in values["exited"] ?? [] where Int32(value) == nil {
      throw .refused("invalid filter 'exited=\(value)': strconv.Atoi: parsing \(goQuoted(value)): invalid syntax")
    }
    for key in ["publish", "expose"] {
      for value in values[key] ?? [] { _ = try exposedPorts(value) }
    }
  }

  /// Whether containers that do not run are looked at without `--all`.
  package var includesStopped: Bool { values["status"] != nil }

  func values(_ key: String) -> [String] { values[key] ?? [] }

  /// Whether the container stays in the list; `ancestors` are the ids of the images that `ancestor` names.
  func match(_ row: ContainerRow, ancestors: Set<String>) -> Bool {
    let record = row.container.record, state = row.state
    func any(_ key: String, _ test: (String) -> Bool) -> Bool { values[key].map { $0.contains(where: test) } ?? true }
    func matches(_ key: String, _ candidate: String) -> Bool { patterns[key].map { $0.contains { $0.matches(candidate) } } ?? true }
    return matches("id", record.id) && (matches("name", record.name) || matches("name", "/" + record.name))
      && (values["label"] ?? []).allSatisfy { has(record.labels, $0) }
      && any("status") { $0 == state.status.rawValue }
      && any("exited") { !state.isRunning && !state.finishedAt.isEmpty && Int32($0) == state.exitCode }
      && any("ancestor") { $0 == record.image || record.imageID.map(ancestors.contains) == true }
      && any("health") { $0 == (state.health ?? "none") }
      && any("is-task") { $0 == "false" || $0 == "0" }
      && any("volume") { wanted in
        record.mounts.contains { $0.name == wanted || $0.destination == wanted || ($0.type == "bind" && $0.source == wanted) }
      }
      && any("network") { row.networks.contains($0) }
      && any("publish") { wanted in row.ports.contains { $0.hostPort != nil && covers(wanted, $0) } }
      && any("expose") { wanted in row.ports.contains { covers(wanted, $0) } }
  }
}

private func has(_ labels: [String: String], _ wanted: String) -> Bool {
  guard let (name, value) = wanted.cut(at: "=") else { return labels[wanted] != nil }
  return labels[name] == value
}

private func covers(_ wanted: String, _ port: ShownPort) -> Bool {
  ((try? exposedPorts(wanted)) ?? []).contains("\(port.containerPort)/\(port.transport)")
}
