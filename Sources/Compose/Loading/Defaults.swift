/// Puts into a merged model what its author left to compose: networks, names, dependencies that follow from other attributes, the
/// environment from files and from the caller's variables. Elements that no service uses are left out.
struct Defaults {
  let project: String
  let environment: (String) -> String?
  /// Where variables stay, so does where they are to come from.
  let interpolates: Bool
  let read: (String) throws(ComposeError) -> [UInt8]

  func apply(_ root: Node) throws(ComposeError) -> Node {
    guard var top = root.mapping else { return root }
    var services = top["services"]?.mapping ?? Mapping()
    for service in services.entries {
      let path = ModelPath().appending("services").appending(service.key)
      services.set(service.key, withoutEmpty(try complete(service.value, services, path)), keyPosition: service.keyPosition)
    }
    let position = top["services"]?.position ?? root.position
    top.set("services", Node(.mapping(services), at: position), keyPosition: position)
    let used = UsedElements(services)
    for (kind, names) in [("networks", used.networks), ("volumes", used.volumes), ("secrets", used.secrets), ("configs", used.configs)] {
      try name(kind, names, in: &top, at: position)
    }
    return Node(.mapping(top), at: root.position)
  }

  // -- services -----------------------------------------------------------------------------------------------------------------

  private func complete(_ service: Node, _ services: Mapping, _ path: ModelPath) throws(ComposeError) -> Node {
    guard var mapping = service.mapping else { return service }
    func set(_ name: String, _ content: Node.Content) {
      mapping.set(name, Node(content, at: mapping[name]?.position ?? service.position), keyPosition: service.position)
    }
    for name in ["command", "entrypoint"] where mapping[name] == nil { set(name, .null) }
    if interpolates {
      if let variables = try variables(mapping, path) { set("environment", .mapping(variables)) }
      mapping.remove("env_file")
    }
    if let build = mapping["build"] { set("build", self.build(build).content) }
    if let deploy = mapping["deploy"], var attributes = deploy.mapping {
      for name in ["placement", "resources"] where attributes[name] == nil {
        attributes.set(name, Node(.mapping(Mapping()), at: deploy.position), keyPosition: deploy.position)
      }
      set("deploy", .mapping(attributes))
    }
    if let secrets = mapping["secrets"] { set("secrets", targeted(secrets).content) }
    if mapping["network_mode"] == nil, mapping["networks"]?.mapping?.isEmpty ?? true {
      var networks = Mapping()
      networks.set("default", Node(.null, at: service.position), keyPosition: service.position)
      set("networks", .mapping(networks))
    }
    if let dependencies = try dependencies(mapping, services, path) { set("depends_on", .mapping(dependencies)) }
    return Node(.mapping(mapping), at: service.position)
  }

  /// What says nothing is not part of the canonical form, nor are extensions below the top level.
  private func withoutEmpty(_ service: Node) -> Node {
    guard let mapping = withoutExtensions(service).mapping else { return service }
    var result = Mapping()
    for entry in mapping.entries {
      var value = entry.value
      switch (entry.key, value.content) {
      case ("command", _), ("entrypoint", _), ("init", _), ("attach", _): break
      case ("dns", .sequence(let servers)):
        let named = servers.filter { $0.string != "" }
        if named.isEmpty { continue }
        value.content = .sequence(named)
      case ("extra_hosts", .sequence(let hosts)):
        if hosts.isEmpty { continue }
        value.content = .sequence(Self.sorted(hosts: hosts))
      case (_, .sequence(let items)) where items.isEmpty: continue
      case (_, .bool(false)), (_, .string("")), (_, .null): continue
      case ("environment", .mapping(let own)), ("labels", .mapping(let own)), ("annotations", .mapping(let own)),
        ("sysctls", .mapping(let own)), ("ulimits", .mapping(let own)), ("storage_opt", .mapping(let own)):
        if own.isEmpty { continue }
      case ("volumes", .sequence(let mounts)): value.content = .sequence(mounts.map(Self.withoutZeroSize))
      default: break
      }
      result.set(entry.key, value, keyPosition: entry.keyPosition)
    }
    return Node(.mapping(result), at: service.position)
  }

  /// - Parameter hasNames: the node's keys are names that somebody chose, which may begin with `x-`.
  private func withoutExtensions(_ node: Node, hasNames: Bool = false) -> Node {
    var node = node
    switch node.content {
    case .mapping(let mapping):
      var result = Mapping()
      for entry in mapping.entries where hasNames || !entry.key.hasPrefix("x-") {
        let names = ["environment", "labels", "annotations", "args", "options", "driver_opts", "sysctls", "depends_on", "networks"]
        let value = withoutExtensions(entry.value, hasNames: !hasNames && names.contains(entry.key))
        result.set(entry.key, value, keyPosition: entry.keyPosition)
      }
      node.content = .mapping(result)
    case .sequence(let nodes): node.content = .sequence(nodes.map { withoutExtensions($0) })
    case .null, .bool, .integer, .float, .string: break
    }
    return node
  }

  /// By name; addresses of one name stay in their order.
  private static func sorted(hosts: [Node]) -> [Node] {
    func name(_ host: Node) -> Substring { (host.string ?? "").prefix { $0 != "=" } }
    return hosts.enumerated().sorted { a, b in (name(a.element), a.offset) < (name(b.element), b.offset) }.map(\.element)
  }

  private static func withoutZeroSize(_ mount: Node) -> Node {
    guard var mapping = mount.mapping, var options = mapping["tmpfs"]?.mapping, options["size"]?.string == "0" else { return mount }
    options.remove("size")
    mapping.set("tmpfs", Node(.mapping(options), at: mount.position), keyPosition: mount.position)
    return Node(.mapping(mapping), at: mount.position)
  }

  /// The files' variables and over them the service's own, those without a value from the caller's environment.
  private func variables(_ service: Mapping, _ path: ModelPath) throws(ComposeError) -> Mapping? {
    var result = Mapping()
    var known: [String: String] = [:]
    for (index, file) in (service["env_file"]?.sequence ?? []).enumerated() {
      guard let name = file["path"]?.string else { continue }
      let content: [UInt8]
      do { content = try read(name) } catch {
        if case .bool(false)? = file["required"]?.content, error.kind == .missingFile { continue }
        throw ComposeError(
          "env file \(name) not found: \(error.message)", path: path.appending("env_file").appending(index), at: file.position)
      }
      let earlier = known
      let outer = environment
      for (name, value) in try EnvironmentFile(parsing: content, file: name, environment: { outer($0) ?? earlier[$0] }).values.sorted(
        by: { $0.key < $1.key })
      {
        known[name] = value
        result.set(name, Node(.string(value), at: file.position), keyPosition: file.position)
      }
    }
    for variable in service["environment"]?.mapping?.entries ?? [] {
      var value = variable.value
      if value.isNull, let own = environment(variable.key) { value.content = .string(own) }
      result.set(variable.key, value, keyPosition: variable.keyPosition)
    }
    return service["environment"] == nil && result.isEmpty ? nil : result
  }

  private func build(_ build: Node) -> Node {
    guard var mapping = build.mapping else { return build }
    if mapping["dockerfile"] == nil, mapping["dockerfile_inline"] == nil {
      mapping.set("dockerfile", Node(.string("Dockerfile"), at: build.position), keyPosition: build.position)
    }
    if let arguments = mapping["args"]?.mapping {
      var resolved = Mapping()
      for argument in arguments.entries {
        var value = argument.value
        if value.isNull {
          guard let own = environment(argument.key) else { continue }
          value.content = .string(own)
        }
        resolved.set(argument.key, value, keyPosition: argument.keyPosition)
      }
      mapping.remove("args")
      if !resolved.isEmpty { mapping.set("args", Node(.mapping(resolved), at: build.position), keyPosition: build.position) }
    }
    if let secrets = mapping["secrets"] { mapping.set("secrets", targeted(secrets), keyPosition: secrets.position) }
    return Node(.mapping(mapping), at: build.position)
  }

  /// Secrets without a target are at /run/secrets under their own names.
  private func targeted(_ secrets: Node) -> Node {
    guard let grants = secrets.sequence else { return secrets }
    let named = grants.map { grant in
      guard var mapping = grant.mapping, mapping["target"] == nil, let source = mapping["source"]?.string else { return grant }
      mapping.set("target", Node(.string("/run/secrets/" + source), at: grant.position), keyPosition: grant.position)
      return Node(.mapping(mapping), at: grant.position)
    }
    return Node(.sequence(named), at: secrets.position)
  }

  /// Who shares another service's namespaces, volumes or links to it depends on it.
  private func dependencies(_ service: Mapping, _ services: Mapping, _ path: ModelPath) throws(ComposeError) -> Mapping? {
    var result = Mapping()
    for dependency in service["depends_on"]?.mapping?.entries ?? [] {
      var mapping = dependency.value.mapping ?? Mapping()
      if mapping["required"] == nil {
        mapping.set("required", Node(.bool(true), at: dependency.keyPosition), keyPosition: dependency.keyPosition)
      }
      result.set(dependency.key, Node(.mapping(mapping), at: dependency.value.position), keyPosition: dependency.keyPosition)
    }
    func imply(_ name: String, restart: Bool, at position: SourcePosition) throws(ComposeError) {
      if services[name] == nil { throw ComposeError("depends on undefined service '\(name)'", path: path, at: position) }
      if result[name] != nil { return }
      result.set(name, Form.dependency("service_started", restart: restart, at: position), keyPosition: position)
    }
    for link in service["links"]?.sequence ?? [] {
      try imply(String((link.string ?? "").prefix { $0 != ":" }), restart: true, at: link.position)
    }
    for name in ["network_mode", "ipc", "pid", "uts", "cgroup"] {
      guard let mode = service[name], let text = mode.string, text.hasPrefix("service:") else { continue }
      let other = String(text.dropFirst(8))
      guard services[other] != nil else {
        throw ComposeError("service '\(other)' not found", path: path.appending(name), at: mode.position)
      }
      try imply(other, restart: true, at: mode.position)
    }
    for source in service["volumes_from"]?.sequence ?? [] {
      guard let text = source.string, !text.hasPrefix("container:") else { continue }
      try imply(String(text.prefix { $0 != ":" }), restart: false, at: source.position)
    }
    return result.isEmpty ? nil : result
  }

  // -- networks, volumes, secrets, configs ----------------------------------------------------------------------------------------

  private func name(_ kind: String, _ used: Set<String>, in top: inout Mapping, at position: SourcePosition) throws(ComposeError) {
    var elements = top[kind]?.mapping ?? Mapping()
    if kind == "networks", used.contains("default"), elements["default"] == nil {
      elements.set("default", Node(.null, at: position), keyPosition: position)
    }
    var kept = Mapping()
    for element in elements.entries where used.contains(element.key) {
      kept.set(element.key, try named(element, kind), keyPosition: element.keyPosition)
    }
    if kept.isEmpty { top.remove(kind) } else { top.set(kind, Node(.mapping(kept), at: position), keyPosition: position) }
  }

  private func named(_ element: Mapping.Entry, _ kind: String) throws(ComposeError) -> Node {
    var mapping = element.value.mapping ?? Mapping()
    func set(_ name: String, _ content: Node.Content) {
      mapping.set(name, Node(content, at: element.value.position), keyPosition: element.keyPosition)
    }
    if let external = mapping["external"], external.mapping != nil {
      if mapping["name"] == nil, let name = external["name"] { set("name", name.content) }
      set("external", .bool(true))
    }
    var isExternal = false
    if case .bool(true)? = mapping["external"]?.content { isExternal = true } else { mapping.remove("external") }
    if mapping["name"] == nil { set("name", .string(isExternal ? element.key : "\(project)_\(element.key)")) }
    if kind == "networks", mapping["ipam"] == nil { set("ipam", .mapping(Mapping())) }
    return Node(.mapping(mapping), at: element.value.position)
  }
}

/// Which elements the services of a model name.
private struct UsedElements {
  private(set) var networks: Set<String> = []
  private(set) var volumes: Set<String> = []
  private(set) var secrets: Set<String> = []
  private(set) var configs: Set<String> = []

  init(_ services: Mapping) {
    for service in services.entries {
      for network in service.value["networks"]?.mapping?.entries ?? [] { networks.insert(network.key) }
      for volume in service.value["volumes"]?.sequence ?? [] where volume["type"]?.string == "volume" {
        if let source = volume["source"]?.string { volumes.insert(source) }
      }
      for grant in (service.value["secrets"]?.sequence ?? []) + (service.value["build"]?["secrets"]?.sequence ?? []) {
        if let source = grant["source"]?.string { secrets.insert(source) }
      }
      for grant in service.value["configs"]?.sequence ?? [] {
        if let source = grant["source"]?.string { configs.insert(source) }
      }
    }
  }
}
