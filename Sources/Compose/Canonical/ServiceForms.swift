/// The attributes of the model and their forms (compose-spec, "Services top-level element").
extension Form {
  static let service = Form.object(
    table([
      (
        "cgroup cgroup_parent container_name cpuset domainname hostname image ipc isolation mac_address network_mode pid platform restart "
          + "runtime stop_signal user userns_mode uts working_dir", .scalar
      ),
      ("pull_policy", .word(["always", "never", "missing", "if_not_present", "build"])),
      ("attach init oom_kill_disable privileged read_only stdin_open tty", .flag),
      ("cpu_count cpu_period cpu_quota cpu_rt_period cpu_rt_runtime cpu_shares oom_score_adj pids_limit scale", .integer),
      ("cpu_percent cpus", .number),
      ("mem_limit mem_reservation mem_swappiness shm_size", .bytes), ("memswap_limit", swapLimit),
      ("stop_grace_period", .duration),
      (
        "cap_add cap_drop device_cgroup_rules dns_opt expose external_links group_add links profiles security_opt volumes_from",
        .list(.scalar)
      ),
      ("dns dns_search tmpfs label_file", .texts),
      ("labels annotations", .keyValues()),
      ("sysctls", .keyValues()),
      ("environment", .keyValues(keepsNull: true)),
      ("env_file", environmentFiles),
      ("extra_hosts", extraHosts),
      ("command entrypoint", .command),
      ("storage_opt", .names(.scalar)),
      ("ulimits", ulimits),
      ("depends_on", dependencies),
      ("networks", .optional(.nameList(.optional(serviceNetwork)))),
      ("ports", .shortList(port, expand: portLongForms)),
      ("volumes", .shortList(volumeMount, expand: volumeLongForm)),
      ("secrets configs", grants),
      ("devices", devices),
      ("gpus", gpus),
      ("healthcheck", healthcheck),
      ("logging", .object(["driver": .scalar, "options": .names(.optional(.scalar))])),
      ("build", .build),
      ("deploy", .optional(.deploy)),
      ("develop", .optional(.develop)),
      ("extends", .short(.object(["service": .text, "file": .text], required: ["service"]), expand: nameAs("service"))),
      ("credential_spec", .object(["config": .scalar, "file": .scalar, "registry": .scalar])),
      ("blkio_config", blockIO),
      ("post_start pre_stop", .list(serviceHook)),
    ]))

  /// A string as a mapping with one attribute.
  static func nameAs(_ attribute: String) -> @Sendable (Node, ModelPath) throws(ComposeError) -> [Node]? {
    { (node, _) throws(ComposeError) in
      guard node.string != nil else { return nil }
      var mapping = Mapping()
      mapping.set(attribute, Node(node.content, at: node.position), keyPosition: node.position)
      return [Node(.mapping(mapping), at: node.position)]
    }
  }

  static let ulimits = Form.names(
    .then(.any) { (node, path, canonical) throws(ComposeError) in
      if node.mapping == nil { return try canonical.convert(node, .integer, path) }
      return try canonical.convert(node, .object(["soft": .integer, "hard": .integer], required: ["soft", "hard"]), path)
    })

  private static let dependencies = Form.nameList(
    .object(
      [
        "condition": .word(["service_started", "service_healthy", "service_completed_successfully"]), "restart": .flag, "required": .flag,
      ], required: ["condition"]),
    value: { position in dependency("service_started", at: position) })

  /// A dependency with the defaults.
  static func dependency(_ condition: String, restart: Bool = false, at position: SourcePosition) -> Node {
    var mapping = Mapping()
    mapping.set("condition", Node(.string(condition), at: position), keyPosition: position)
    if restart { mapping.set("restart", Node(.bool(true), at: position), keyPosition: position) }
    mapping.set("required", Node(.bool(true), at: position), keyPosition: position)
    return Node(.mapping(mapping), at: position)
  }

  private static let serviceNetwork = Form.object(
    table([
      ("aliases link_local_ips", .list(.scalar)), ("ipv4_address ipv6_address mac_address", .scalar), ("driver_opts", .names(.scalar)),
      ("priority gw_priority", .integer),
    ]))

  private static let port = Form.then(
    .object(
      table([("name mode host_ip published protocol app_protocol", .scalar), ("target", .integer)]), required: ["target"])
  ) { (node, path, _) throws(ComposeError) in
    var node = node
    guard var mapping = node.mapping else { return node }
    let defaults = [("mode", "ingress"), ("protocol", "tcp")]
    for (name, value) in defaults where mapping[name] == nil {
      mapping.set(name, Node(.string(value), at: node.position), keyPosition: node.position)
    }
    if mapping["published"]?.string == "" { mapping.remove("published") }
    node.content = .mapping(mapping)
    return node
  }

  private static let volumeMount = Form.then(
    .object(
      [
        "type": .word(["bind", "volume", "tmpfs", "cluster", "npipe"]), "source": .scalar, "target": .scalar, "read_only": .flag,
        "consistency": .scalar, "bind": .object(["propagation": .scalar, "create_host_path": .flag, "selinux": .scalar]),
        "volume": .object(["nocopy": .flag, "subpath": .scalar]), "tmpfs": .optional(.object(["size": size, "mode": .integer])),
        "cluster": .any,
      ], required: ["type"])
  ) { (node, path, canonical) throws(ComposeError) in
    var node = node
    guard var mapping = node.mapping, mapping["type"]?.string == "bind" else { return node }
    guard var source = mapping["source"], let text = source.string, !text.isEmpty else {
      throw ComposeError("invalid mount config for type \"bind\": field Source must not be empty", path: path, at: node.position)
    }
    let isDrive = isVolumePath(text) && !(text.first.map { ".~/".contains($0) } ?? false)
    if !isDrive { source.content = .string(canonical.absolute(text)) }
    mapping.set("source", source, keyPosition: source.position)
    node.content = .mapping(mapping)
    return node
  }

  private static let size = Form.then(.any) { (node, path, canonical) throws(ComposeError) in
    if case .float = node.content { throw canonical.mismatch("a whole number", node, path) }
    let bytes = try canonical.convert(node, .bytes, path)
    if bytes.string?.hasPrefix("-") == true { throw ComposeError("must be greater than or equal to 0", path: path, at: node.position) }
    return bytes
  }

  static let grants = Form.shortList(
    .object(table([("source target uid gid", .scalar), ("mode", .integer)]), required: ["source"]), expand: nameAs("source"))

  private static let devices = Form.shortList(.object(table([("source target permissions", .scalar)]), required: ["source"])) {
    (node, path) throws(ComposeError) in
    guard let text = node.string else { return nil }
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard (1...3).contains(parts.count), !parts[0].isEmpty else {
      throw ComposeError("confusing device mapping, please use long syntax: \(text)", path: path, at: node.position)
    }
    var mapping = Mapping()
    let values = [parts[0], parts.count > 1 ? parts[1] : parts[0], parts.count > 2 ? parts[2] : "rwm"]
    for (name, value) in zip(["source", "target", "permissions"], values) {
      mapping.set(name, Node(.string(value), at: node.position), keyPosition: node.position)
    }
    return [Node(.mapping(mapping), at: node.position)]
  }

  /// What a device request asks for; a count of `all` is -1.
  static let deviceRequest = Form.object(
    table([
      ("capabilities device_ids", .list(.scalar)), ("driver", .scalar), ("options", .keyValues()),
      (
        "count",
        .then(.scalar) { (node, path, canonical) throws(ComposeError) in
          let isAll = node.string?.lowercased() == "all"
          return try canonical.convert(Node(.string(isAll ? "-1" : node.string ?? ""), at: node.position), .integer, path)
        }
      ),
    ]))

  private static let gpus = Form.then(.any) { (node, path, canonical) throws(ComposeError) in
    guard let word = node.string else { return try canonical.convert(node, .list(.then(deviceRequest, allUnlessNamed)), path) }
    guard word == "all" else { throw ComposeError("must be 'all' or a list", path: path, at: node.position) }
    var mapping = Mapping()
    mapping.set("count", Node(.integer("-1"), at: node.position), keyPosition: node.position)
    return Node(.sequence([Node(.mapping(mapping), at: node.position)]), at: node.position)
  }

  private static func allUnlessNamed(_ node: Node, _ path: ModelPath, _ canonical: CanonicalForm) throws(ComposeError) -> Node {
    var node = node
    guard var mapping = node.mapping, mapping["count"] == nil, mapping["device_ids"] == nil else { return node }
    mapping.set("count", Node(.integer("-1"), at: node.position), keyPosition: node.position)
    node.content = .mapping(mapping)
    return node
  }

  private static let healthcheck = Form.object([
    "test": .then(.any) { (node, path, canonical) throws(ComposeError) in
      if let text = node.string {
        let words = ["CMD-SHELL", text].map { Node(.string($0), at: node.position) }
        return Node(.sequence(words), at: node.position)
      }
      let list = try canonical.convert(node, .list(.text), path)
      if let first = list.sequence?.first?.string, !["CMD", "CMD-SHELL", "NONE"].contains(first) {
        throw ComposeError("must start either by \"CMD\", \"CMD-SHELL\" or \"NONE\"", path: path, at: node.position)
      }
      return list
    },
    "interval": .duration, "timeout": .duration, "start_period": .duration, "start_interval": .duration, "retries": .integer,
    "disable": .flag,
  ])

  /// `HOST:ADDRESS` and `HOST=ADDRESS`, in lists and mappings, as a list of the latter.
  static let extraHosts = Form.then(.any) { (node, path, canonical) throws(ComposeError) in
    var hosts: [(name: String, address: String, at: SourcePosition)] = []
    if let mapping = node.mapping {
      for entry in mapping.entries {
        for address in try canonical.convert(entry.value, .texts, path.appending(entry.key)).sequence ?? [] {
          hosts.append((entry.key, address.string ?? "", entry.keyPosition))
        }
      }
    } else {
      for (index, item) in (try canonical.convert(node, .list(.scalar), path).sequence ?? []).enumerated() {
        let text = item.string ?? ""
        guard let cut = text.firstIndex(of: "=") ?? text.firstIndex(of: ":") else {
          throw ComposeError("invalid host '\(text)'", path: path.appending(index), at: item.position)
        }
        hosts.append((String(text[..<cut]), String(text[text.index(after: cut)...]), item.position))
      }
    }
    return Node(
      .sequence(
        hosts.flatMap { host in
          host.address.split(separator: ",", omittingEmptySubsequences: false).map { address in
            let isBracketed = address.hasPrefix("[") && address.hasSuffix("]")
            return Node(.string("\(host.name)=\(isBracketed ? address.dropFirst().dropLast() : address)"), at: host.at)
          }
        }), at: node.position)
  }

  /// Strings and mappings as a list of mappings with absolute paths.
  private static let environmentFiles = Form.then(.any) { (node, path, canonical) throws(ComposeError) in
    let list = node.sequence == nil ? Node(.sequence([Node(node.content, at: node.position)]), at: node.position) : node
    return try canonical.convert(
      list,
      .shortList(.object(["path": .path, "required": .flag, "format": .scalar], required: ["path"]), expand: nameAs("path")), path)
  }

  private static let serviceHook = Form.object(
    ["command": .command, "user": .scalar, "privileged": .flag, "working_dir": .scalar, "environment": .keyValues(keepsNull: true)],
    required: ["command"])

  /// Bytes, or -1 for no limit.
  private static let swapLimit = Form.then(.any) { (node, path, canonical) throws(ComposeError) in
    node.string == "-1" ? node : try canonical.convert(node, .bytes, path)
  }

  /// docker's names begin with a capital in what it prints; such a model is read as well.
  private static let blockIO: Form = {
    func entries(_ value: String, _ form: Form) -> Form {
      .list(
        .then(.object(["path": .scalar, "Path": .scalar, value: form, value.prefix(1).uppercased() + value.dropFirst(): form])) {
          (node, _, _) throws(ComposeError) in
          var mapping = Mapping()
          for entry in node.mapping?.entries ?? [] {
            mapping.set(entry.key.prefix(1).uppercased() + entry.key.dropFirst(), entry.value, keyPosition: entry.keyPosition)
          }
          return Node(.mapping(mapping), at: node.position)
        })
    }
    return .object(
      table([
        ("device_read_bps device_write_bps device_read_iops device_write_iops", entries("rate", .bytes)),
        ("weight_device", entries("weight", .integer)), ("weight", .integer),
      ]))
  }()
}
