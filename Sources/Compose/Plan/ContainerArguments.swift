internal import JSON

/// The labels by which compose's containers are known.
package enum ComposeLabel {
  package static let project = "com.docker.compose.project"
  package static let service = "com.docker.compose.service"
  package static let number = "com.docker.compose.container-number"
  package static let hash = "com.docker.compose.config-hash"
  package static let image = "com.docker.compose.image"
  package static let oneOff = "com.docker.compose.oneoff"
  package static let network = "com.docker.compose.network"
  package static let volume = "com.docker.compose.volume"
}

/// A service's container as the arguments of `docker run`, which `ocibundle create` takes.
package struct ContainerArguments {
  private let service: ServiceModel
  private(set) var arguments: [String] = []

  /// What one container has for its own.
  package struct Identity {
    package var name: String
    package var number: Int
    package var isOneOff = false
    /// The image's ID; empty where it is not known.
    package var imageID = ""

    package init(name: String, number: Int) { (self.name, self.number) = (name, number) }
  }

  /// What `run` says otherwise than the file.
  package struct Overrides {
    package var command: [String]?
    /// With it the service's command counts no more either.
    package var entrypoint: String?
    package var publishesPorts = true
    /// Further options, in docker's words, laid over the service's.
    package var options: [String] = []

    package init() {}
  }

  /// - Throws: an attribute that no container here can have, by its path.
  package static func make(
    _ service: ServiceModel, _ identity: Identity, _ overrides: Overrides = Overrides()
  ) throws(ComposeError) -> [String] {
    var own = ContainerArguments(service: service, arguments: [])
    try own.refuseUnsupported()
    own.addIdentity(identity)
    own.addProcess()
    own.addPermissions()
    own.addLimits()
    try own.addNetwork(identity, publishesPorts: overrides.publishesPorts)
    try own.addStorage()
    own.addLifecycle()
    try own.addHealth()
    own.arguments += overrides.options
    let isOwn = overrides.entrypoint == nil
    let command = overrides.command ?? (isOwn ? service.json["command"]?.arrayValue?.compactMap(\.stringValue) : nil) ?? []
    let entrypoint = overrides.entrypoint.map { [$0] } ?? service.json["entrypoint"]?.arrayValue?.compactMap(\.stringValue)
    if let entrypoint { own.arguments += ["--entrypoint", entrypoint.first ?? ""] }
    return own.arguments + [service.image] + (entrypoint?.dropFirst().map { $0 } ?? []) + command
  }

  private init(service: ServiceModel, arguments: [String]) {
    self.service = service
    self.arguments = arguments
  }

  private static let unsupported = [
    "gpus", "credential_spec", "isolation", "storage_opt", "external_links", "post_start", "pre_stop", "cpu_count", "cpu_percent",
  ]

  private func refuseUnsupported() throws(ComposeError) {
    for name in Self.unsupported where service.json[name] != nil {
      throw ComposeError("services.\(service.name).\(name): there is no such thing here")
    }
  }

  private mutating func add(_ option: String, _ value: String?) {
    if let value { arguments += ["--" + option, value] }
  }
  private mutating func add(_ option: String, each values: [String]) {
    for value in values { arguments += ["--" + option, value] }
  }
  private mutating func add(flag option: String, _ isSet: Bool) {
    if isSet { arguments.append("--" + option) }
  }

  private mutating func addIdentity(_ identity: Identity) {
    add("name", identity.name)
    let own = [
      (ComposeLabel.project, service.project.name), (ComposeLabel.service, service.name), (ComposeLabel.number, "\(identity.number)"),
      (ComposeLabel.hash, configHash(service)), (ComposeLabel.image, identity.imageID),
      (ComposeLabel.oneOff, identity.isOneOff ? "True" : "False"),
    ]
    for (key, value) in own { add("label", "\(key)=\(value)") }
    for label in service.pairs("labels") { add("label", "\(label.key)=\(label.value ?? "")") }
    for annotation in service.pairs("annotations") { add("annotation", "\(annotation.key)=\(annotation.value ?? "")") }
    add("hostname", service.text("hostname"))
    add("domainname", service.text("domainname"))
    add("platform", service.text("platform"))
  }

  private mutating func addProcess() {
    // A variable without a value is one that the container does not have.
    for variable in service.pairs("environment") { if let value = variable.value { add("env", "\(variable.key)=\(value)") } }
    add("workdir", service.text("working_dir"))
    add("user", service.text("user"))
    add("group-add", each: service.texts("group_add"))
    add(flag: "tty", service.flag("tty"))
    add(flag: "interactive", service.flag("stdin_open"))
    add(flag: "init", service.flag("init"))
  }

  private mutating func addPermissions() {
    add("cap-add", each: service.texts("cap_add"))
    add("cap-drop", each: service.texts("cap_drop"))
    add(flag: "privileged", service.flag("privileged"))
    add(flag: "read-only", service.flag("read_only"))
    add("security-opt", each: service.texts("security_opt"))
    add("device-cgroup-rule", each: service.texts("device_cgroup_rules"))
    for device in service.json["devices"]?.arrayValue ?? [] {
      add("device", ["source", "target", "permissions"].compactMap { device[$0]?.stringValue }.joined(separator: ":"))
    }
    for sysctl in service.pairs("sysctls") { add("sysctl", "\(sysctl.key)=\(sysctl.value ?? "")") }
    add("userns", service.text("userns_mode"))
    add("cgroupns", service.text("cgroup"))
    for (name, option) in [("pid", "pid"), ("ipc", "ipc"), ("uts", "uts")] { add(option, service.text(name).map(namespace)) }
  }

  /// `service:NAME` is the first container of that service.
  private func namespace(_ mode: String) -> String {
    guard mode.hasPrefix("service:"), let other = service.project.service(String(mode.dropFirst(8))) else { return mode }
    return "container:" + other.containerName(1)
  }

  private mutating func addLimits() {
    let deploy = service.json["deploy"]?["resources"]
    let limits = deploy?["limits"]
    add("memory", limits?["memory"]?.scalarText ?? service.text("mem_limit"))
    add("memory-reservation", deploy?["reservations"]?["memory"]?.scalarText ?? service.text("mem_reservation"))
    add("memory-swap", service.text("memswap_limit"))
    add("memory-swappiness", service.text("mem_swappiness"))
    add("cpus", limits?["cpus"]?.scalarText ?? service.text("cpus"))
    add("pids-limit", limits?["pids"]?.scalarText ?? service.text("pids_limit"))
    let names = [
      ("cpu_shares", "cpu-shares"), ("cpu_period", "cpu-period"), ("cpu_quota", "cpu-quota"), ("cpu_rt_period", "cpu-rt-period"),
      ("cpu_rt_runtime", "cpu-rt-runtime"), ("cpuset", "cpuset-cpus"), ("shm_size", "shm-size"), ("oom_score_adj", "oom-score-adj"),
      ("cgroup_parent", "cgroup-parent"),
    ]
    for (name, option) in names { add(option, service.text(name)) }
    add(flag: "oom-kill-disable", service.flag("oom_kill_disable"))
    add("blkio-weight", service.json["blkio_config"]?["weight"]?.scalarText)
    for (name, limit) in service.json["ulimits"]?.objectValue ?? JSONObject() {
      let both = [limit["soft"]?.scalarText, limit["hard"]?.scalarText].compactMap { $0 }.joined(separator: ":")
      add("ulimit", "\(name)=\(limit.scalarText ?? both)")
    }
  }

  private mutating func addNetwork(_ identity: Identity, publishesPorts: Bool) throws(ComposeError) {
    if let mode = service.text("network_mode") {
      add("network", namespace(mode))
    } else {
      for name in service.names(of: "networks").sorted(by: { priority($0) > priority($1) }) { try add(network: name, identity) }
    }
    add("mac-address", service.text("mac_address"))
    add("dns", each: service.texts("dns"))
    add("dns-search", each: service.texts("dns_search"))
    add("dns-option", each: service.texts("dns_opt"))
    add("expose", each: service.texts("expose"))
    for host in service.texts("extra_hosts") {
      let cut = host.firstIndex(of: "=") ?? host.endIndex
      add("add-host", "\(host[..<cut]):\(host[cut...].dropFirst())")
    }
    guard publishesPorts, let ports = service.json["ports"]?.arrayValue else { return }
    add("service", "\(service.project.name)_\(service.name)")
    for port in ports {
      let target = "\(port["target"]?.scalarText ?? "")/\(port["protocol"]?.stringValue ?? "tcp")"
      let address = (port["host_ip"]?.stringValue).map { $0.contains(":") ? "[\($0)]:" : "\($0):" } ?? ""
      guard let published = port["published"]?.scalarText, !published.isEmpty else {
        add("publish", address.isEmpty ? target : "\(address):\(target)")
        continue
      }
      add("publish", "\(address)\(published):\(target)")
    }
  }

  private func priority(_ network: String) -> Int { service.json["networks"]?[network]?["priority"]?.integerValue ?? 0 }

  /// The container's name leads to it, those of the service to one address for all its replicas, unless they are to be told apart.
  private mutating func add(network name: String, _ identity: Identity) throws(ComposeError) {
    let attributes = service.json["networks"]?[name]
    for unsupported in ["ipv6_address", "link_local_ips", "driver_opts"] where attributes?[unsupported] != nil {
      throw ComposeError("services.\(service.name).networks.\(name).\(unsupported): there is no such thing here")
    }
    var fields = ["name=" + service.project.realName("networks", name)]
    let shared = (identity.isOneOff ? [] : [service.name]) + (attributes?["aliases"]?.arrayValue ?? []).compactMap(\.stringValue)
    let hasAddress = service.json["deploy"]?["endpoint_mode"]?.stringValue != "dnsrr" && attributes?["ipv4_address"] == nil
    fields += shared.map { (hasAddress && !identity.isOneOff ? "service-alias=" : "alias=") + $0 }
    fields.append("alias=" + identity.name)
    if let address = attributes?["ipv4_address"]?.stringValue { fields.append("ip=" + address) }
    if let address = attributes?["mac_address"]?.stringValue { fields.append("mac-address=" + address) }
    add("network", fields.joined(separator: ","))
  }

  private mutating func addStorage() throws(ComposeError) {
    for mount in service.json["volumes"]?.arrayValue ?? [] { try add(mount: mount) }
    add("tmpfs", each: service.texts("tmpfs"))
    for source in service.texts("volumes_from") {
      if source.hasPrefix("container:") {
        add("volumes-from", String(source.dropFirst(10)))
        continue
      }
      let parts = source.split(separator: ":", maxSplits: 1)
      let container = service.project.service(String(parts[0]))?.containerName(1) ?? String(parts[0])
      add("volumes-from", ([container] + parts.dropFirst().map(String.init)).joined(separator: ":"))
    }
    for grant in Grant.all(of: service) {
      add("mount", Self.csv(["type=bind", "source=\(grant.source)", "target=\(grant.target)", "readonly"]))
    }
  }

  private mutating func add(mount: JSONValue) throws(ComposeError) {
    let target = mount["target"]?.stringValue ?? ""
    let isReadOnly = mount["read_only"]?.boolValue ?? false
    let source = mount["source"]?.stringValue
    switch mount["type"]?.stringValue {
    case "bind":
      // docker's -v makes a directory that is missing, --mount refuses it.
      let makes = mount["bind"]?["create_host_path"]?.boolValue ?? false
      let propagation = mount["bind"]?["propagation"]?.stringValue
      if makes, let source, !source.contains(":"), !target.contains(":") {
        let options = [isReadOnly ? "ro" : nil, propagation, mount["bind"]?["selinux"]?.stringValue].compactMap { $0 }
        add("volume", ([source, target] + (options.isEmpty ? [] : [options.joined(separator: ",")])).joined(separator: ":"))
      } else {
        let fields = ["type=bind", "source=\(source ?? "")", "target=\(target)"]
        add("mount", Self.csv(fields + (isReadOnly ? ["readonly"] : []) + (propagation.map { ["bind-propagation=\($0)"] } ?? [])))
      }
    case "volume":
      var fields = ["type=volume", "target=\(target)"]
      if let source { fields.append("source=" + service.project.realName("volumes", source)) }
      if isReadOnly { fields.append("readonly") }
      if mount["volume"]?["nocopy"]?.boolValue == true { fields.append("volume-nocopy") }
      if let path = mount["volume"]?["subpath"]?.stringValue { fields.append("volume-subpath=\(path)") }
      add("mount", Self.csv(fields))
    case "tmpfs":
      var fields = ["type=tmpfs", "target=\(target)"]
      if let size = mount["tmpfs"]?["size"]?.scalarText { fields.append("tmpfs-size=\(size)") }
      if let mode = mount["tmpfs"]?["mode"]?.integerValue { fields.append("tmpfs-mode=" + String(mode, radix: 8)) }
      add("mount", Self.csv(fields))
    case let type:
      throw ComposeError("services.\(service.name).volumes: a mount of type '\(type ?? "")' is not possible here")
    }
  }

  /// Fields of `--mount`, which reads them as a line of CSV.
  private static func csv(_ fields: [String]) -> String {
    fields.map { field in
      guard field.contains(where: { ",\"\n".contains($0) }) else { return field }
      var quoted = "\""
      for character in field { quoted += character == "\"" ? "\"\"" : String(character) }
      return quoted + "\""
    }.joined(separator: ",")
  }

  private mutating func addLifecycle() {
    if let restart = service.text("restart") {
      add("restart", restart)
    } else if let policy = service.json["deploy"]?["restart_policy"] {
      switch policy["condition"]?.stringValue ?? "any" {
      case "none": add("restart", "no")
      case "on-failure": add("restart", "on-failure" + (policy["max_attempts"]?.scalarText.map { ":" + $0 } ?? ""))
      default: add("restart", "always")
      }
    }
    add("stop-signal", service.text("stop_signal"))
    if let period = service.text("stop_grace_period"), let duration = try? GoDuration(period) {
      add("stop-timeout", "\((duration.nanoseconds + 999_999_999) / 1_000_000_000)")
    }
    add("log-driver", service.json["logging"]?["driver"]?.scalarText)
    for (key, value) in service.json["logging"]?["options"]?.objectValue ?? JSONObject() {
      add("log-opt", "\(key)=\(value.scalarText ?? "")")
    }
  }

  private mutating func addHealth() throws(ComposeError) {
    guard let check = service.json["healthcheck"] else { return }
    let test = (check["test"]?.arrayValue ?? []).compactMap(\.stringValue)
    if check["disable"]?.boolValue == true || test.first == "NONE" { return add(flag: "no-healthcheck", true) }
    switch test.first {
    case "CMD-SHELL": add("health-cmd", test.dropFirst().joined(separator: " "))
    case "CMD": add("health-cmd", test.dropFirst().map(shellQuoted).joined(separator: " "))
    default: break
    }
    add("health-interval", check["interval"]?.scalarText)
    add("health-timeout", check["timeout"]?.scalarText)
    add("health-retries", check["retries"]?.scalarText)
    add("health-start-period", check["start_period"]?.scalarText)
    add("health-start-interval", check["start_interval"]?.scalarText)
  }
}

/// A word as a shell reads it back.
package func shellQuoted(_ word: String) -> String {
  let plain = word.utf8.allSatisfy { byte in
    (0x30...0x39).contains(byte) || (0x41...0x5A).contains(byte) || (0x61...0x7A).contains(byte) || "_./:=@%+,-".utf8.contains(byte)
  }
  if plain, !word.isEmpty { return word }
  return "'" + word.split(separator: "'", omittingEmptySubsequences: false).joined(separator: "'\\''") + "'"
}
