/// Checks that what the services of a merged model name is there.
enum Consistency {
  static func check(_ root: Node) throws(ComposeError) {
    let services = root["services"]?.mapping ?? Mapping()
    for service in services.entries {
      let path = ModelPath().appending("services").appending(service.key)
      try checkSource(service, path)
      try checkDependencies(service, services, path)
      try checkNetworks(service, root["networks"]?.mapping, path)
      try checkVolumes(service, root["volumes"]?.mapping, path)
      try checkGrants(service, "secrets", root["secrets"]?.mapping, path)
      try checkGrants(service, "configs", root["configs"]?.mapping, path)
    }
    try checkCycles(services)
    for secret in root["secrets"]?.mapping?.entries ?? [] {
      let attributes = secret.value
      if case .bool(true)? = attributes["external"]?.content { continue }
      if attributes["external"]?.mapping != nil || attributes["file"] != nil || attributes["environment"] != nil { continue }
      throw ComposeError("secret '\(secret.key)' must declare either 'file' or 'environment'", at: secret.keyPosition)
    }
  }

  private static func checkVolumes(_ service: Mapping.Entry, _ defined: Mapping?, _ path: ModelPath) throws(ComposeError) {
    for (index, mount) in (service.value["volumes"]?.sequence ?? []).enumerated() where mount["type"]?.string == "volume" {
      guard let name = mount["source"]?.string, !name.isEmpty, defined?[name] == nil else { continue }
      throw ComposeError(
        "service '\(service.key)' refers to undefined volume '\(name)'", path: path.appending("volumes").appending(index),
        at: mount.position)
    }
  }

  private static func checkSource(_ service: Mapping.Entry, _ path: ModelPath) throws(ComposeError) {
    let node = service.value
    if node["image"] == nil, node["build"] == nil, node["provider"] == nil {
      throw ComposeError("service '\(service.key)' has neither an image nor a build context specified", path: path, at: service.keyPosition)
    }
    if let networks = node["networks"], !networks.isNull, let mode = node["network_mode"] {
      throw ComposeError("declares mutually exclusive 'network_mode' and 'networks'", path: path, at: mode.position)
    }
  }

  /// The names in a list or a mapping, each with its place and value.
  private static func names(_ node: Node?) -> [(name: String, position: SourcePosition, value: Node?)] {
    if let mapping = node?.mapping { return mapping.entries.map { ($0.key, $0.keyPosition, $0.value) } }
    return (node?.sequence ?? []).compactMap { item in item.string.map { ($0, item.position, nil) } }
  }

  private static func checkDependencies(_ service: Mapping.Entry, _ services: Mapping, _ path: ModelPath) throws(ComposeError) {
    let own = path.appending("depends_on")
    for dependency in names(service.value["depends_on"]) where services[dependency.name] == nil {
      if case .bool(false)? = dependency.value?["required"]?.content { continue }
      throw ComposeError("service '\(service.key)' depends on undefined service '\(dependency.name)'", path: own, at: dependency.position)
    }
  }

  private static func checkNetworks(_ service: Mapping.Entry, _ networks: Mapping?, _ path: ModelPath) throws(ComposeError) {
    for network in names(service.value["networks"]) where network.name != "default" && networks?[network.name] == nil {
      throw ComposeError(
        "service '\(service.key)' refers to undefined network '\(network.name)'", path: path.appending("networks"), at: network.position)
    }
  }

  private static func checkGrants(
    _ service: Mapping.Entry, _ kind: String, _ defined: Mapping?, _ path: ModelPath
  ) throws(ComposeError) {
    for (index, grant) in (service.value[kind]?.sequence ?? []).enumerated() {
      guard let name = grant.string ?? grant["source"]?.string, defined?[name] == nil else { continue }
      throw ComposeError(
        "service '\(service.key)' refers to undefined \(kind.dropLast()) '\(name)'", path: path.appending(kind).appending(index),
        at: grant.position)
    }
  }

  /// `depends_on` must have an order: a service whose dependencies are done is done, and one that is left is on a cycle or behind one.
  private static func checkCycles(_ services: Mapping) throws(ComposeError) {
    var waiting: [String: [String]] = [:]
    for service in services.entries {
      waiting[service.key] = names(service.value["depends_on"]).map(\.name).filter { services[$0] != nil }
    }
    var left = services.entries.map(\.key)
    while true {
      let next = left.filter { name in waiting[name]?.contains { waiting[$0] != nil } == true }
      for name in left where !next.contains(name) { waiting[name] = nil }
      if next.count == left.count { break }
      left = next
    }
    guard var name = left.first else { return }
    var trail: [String] = []
    while !trail.contains(name) {
      trail.append(name)
      guard let following = waiting[name]?.first(where: { waiting[$0] != nil }) else { return }
      name = following
    }
    let cycle = trail.drop { $0 != name } + [name]
    throw ComposeError("dependency cycle detected: \(cycle.joined(separator: " -> "))", at: services.entry(name)?.keyPosition)
  }
}
