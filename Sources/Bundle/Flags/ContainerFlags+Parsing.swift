package import CommandSupport
internal import Linux
internal import SystemPackage

extension ContainerFlags {
  /// Reads docker run's flags. `workingDirectory` is what relative paths of `-v` and `--mount` begin at.
  package init(_ parsed: ParsedOptions, workingDirectory: String) throws(BundleError) {
    try ContainerOptionTable.refuseUnsupported(parsed)
    let values = FlagValues(parsed)
    try setProcess(values)
    try setIdentity(values)
    try setPermissions(values)
    try setNamespaces(values)
    try setNetwork(values)
    try setMounts(values, workingDirectory)
    try setLifecycle(values)
    resources = try ResourceFlags(values)
    health = try HealthFlags(values)
    try checkConflicts(values)
  }

  private mutating func setProcess(_ values: FlagValues) throws(BundleError) {
    let own = try values.values("env", environmentVariable)
    for file in values.texts("env-file") {
      environment += try keyValueFile(FilePath(file)) { Environment[$0] }
    }
    environment += own
    workingDirectory = values.text("workdir")
    if let directory = workingDirectory, !directory.hasPrefix("/") {
      throw .refused("the working directory '\(directory)' is invalid, it needs to be an absolute path")
    }
    user = values.text("user")
    groupAdd = values.texts("group-add")
    entrypoint = values.text("entrypoint")
    tty = values.flag("tty")
    openStdin = values.flag("interactive")
    usesInit = values.flag("init")
    attach = try values.values("attach") { text throws(InvalidValue) in
      guard ["stdin", "stdout", "stderr"].contains(text.lowercased()) else {
        throw InvalidValue("valid streams are STDIN, STDOUT and STDERR")
      }
      return text.lowercased()
    }
  }

  private mutating func setIdentity(_ values: FlagValues) throws(BundleError) {
    name = values.text("name")
    if let name { try checkContainerName(name) }
    hostname = values.text("hostname")
    if let hostname { try checkHostname(hostname) }
    domainname = values.text("domainname")
    var texts: [String] = []
    for file in values.texts("label-file") { texts += try keyValueFile(FilePath(file)) { _ in "" } }
    texts += try values.values("label", label)
    labels = keyValueMap(texts)
    annotations = keyValueMap(values.texts("annotation"))
    idFile = values.text("cidfile")
    platform = values.text("platform")
    if let pull = values.text("pull"), !["always", "missing", "never"].contains(pull) {
      throw .refused("invalid pull option: '\(pull)': must be one of \"always\", \"missing\" or \"never\"")
    }
  }

  private mutating func setPermissions(_ values: FlagValues) throws(BundleError) {
    capAdd = values.texts("cap-add")
    capDrop = values.texts("cap-drop")
    privileged = values.flag("privileged")
    security = try SecurityOptions(parsing: values.texts("security-opt"))
    readOnly = values.flag("read-only")
    for text in values.texts("device") { devices.append(try DeviceMapping(parsing: text)) }
    deviceRules = try values.values("device-cgroup-rule", DeviceRule.init(parsing:))
    sysctls = keyValueMap(try values.values("sysctl", sysctl))
    var byName: [String: Ulimit] = [:]
    for limit in try values.values("ulimit", Ulimit.init(parsing:)) { byName[limit.name] = limit }
    ulimits = byName.values.sorted { $0.name < $1.name }
    if let adjustment = try values.integer("oom-score-adj") {
      guard (-1000...1000).contains(adjustment) else {
        throw .refused("Invalid value \(adjustment), range for oom score adj is [-1000, 1000]")
      }
      oomScoreAdj = Int(adjustment)
    }
  }

  private mutating func setNamespaces(_ values: FlagValues) throws(BundleError) {
    pidMode = try namespaceMode(values.text("pid"), BundleError.refused("--pid: invalid PID mode"), joins: true)
    utsMode = try namespaceMode(values.text("uts"), BundleError.refused("--uts: invalid UTS mode"), joins: false)
    if let mode = values.text("userns"), mode != "", mode != "host" { throw .refused("--userns: invalid USER mode") }
    switch values.text("cgroupns") {
    case nil, "": break
    case "private": cgroupMode = .private
    case "host": cgroupMode = .host
    default: throw .refused("--cgroupns: invalid CGROUP mode")
    }
    switch values.text("ipc") {
    case nil, "", "private": ipcMode = .private
    case "shareable": ipcMode = .shareable
    case "none": ipcMode = .none
    case "host": ipcMode = .host
    case .some(let text):
      guard text.hasPrefix("container:"), text.count > 10 else { throw .refused("invalid IPC mode: \(text)") }
      ipcMode = .container(String(text.dropFirst(10)))
    }
    if let size = try values.value("shm-size", byteSize), size > 0 { shmSize = size }
  }

  private mutating func setLifecycle(_ values: FlagValues) throws(BundleError) {
    detach = values.flag("detach")
    detachKeys = values.text("detach-keys")
    signalProxy = values.text("sig-proxy") != "false"
    autoRemove = values.flag("rm")
    restart = try RestartPolicy(parsing: values.text("restart") ?? "")
    stopSignal = values.text("stop-signal")
    if let stopSignal { _ = try StopSignal(parsing: stopSignal) }
    stopTimeout = try values.integer("stop-timeout").map(Int.init)
    logDriver = values.text("log-driver")
    if let driver = logDriver, !["", "json-file", "local", "none"].contains(driver) {
      throw .unsupported(flag: "--log-driver \(driver)", reason: "the drivers are json-file, local and none")
    }
    logOptions = keyValueMap(values.texts("log-opt"))
    if logDriver == "none", !logOptions.isEmpty { throw .refused("invalid logging opts for driver none") }
  }

  private func checkConflicts(_ values: FlagValues) throws(BundleError) {
    if autoRemove, restart.name != .no { throw .refused("conflicting options: cannot specify both --restart and --rm") }
    if detach {
      if !attach.isEmpty { throw .refused("conflicting options: cannot specify both --attach and --detach") }
    }
    if let driver = values.text("volume-driver"), driver != "", driver != "local" {
      throw .unsupported(flag: "--volume-driver \(driver)", reason: "volumes are directories: 'local' is the only driver")
    }
    if utsMode == .host, hostname != nil { throw .refused("conflicting options: hostname and the UTS mode") }
    if networkMode.hasPrefix("container:"), hostname != nil {
      throw .refused("conflicting options: hostname and the network mode")
    }
    if networkMode == "host" || networkMode.hasPrefix("container:") {
      for name in sysctls.keys.sorted() where name.hasPrefix("net.") {
        throw .refused("sysctl '\(name)' not allowed in \(networkMode == "host" ? "host" : "container") network namespace")
      }
    }
    if networkMode.hasPrefix("container:") {
      if !ports.isEmpty || publishAll { throw .refused("conflicting options: port publishing and the container type network mode") }
      if !exposed.isEmpty { throw .refused("conflicting options: port exposing and the container type network mode") }
      if !dns.isEmpty { throw .refused("conflicting options: dns and the network mode") }
      if !extraHosts.isEmpty { throw .refused("conflicting options: custom host-to-IP mapping and the network mode") }
    }
  }
}

private func namespaceMode(_ text: String?, _ invalid: BundleError, joins: Bool) throws(BundleError) -> NamespaceMode {
  switch text {
  case nil, "", "private": return .private
  case "host": return .host
  case .some(let text):
    guard joins, text.hasPrefix("container:"), text.count > 10 else { throw invalid }
    return .container(String(text.dropFirst(10)))
  }
}

/// docker's rule for the names of containers.
package func checkContainerName(_ name: String) throws(BundleError) {
  guard isRestrictedName(name.hasPrefix("/") ? String(name.dropFirst()) : name) else {
    throw .refused("Invalid container name (\(name)), only [a-zA-Z0-9][a-zA-Z0-9_.-] are allowed")
  }
}

/// sethostname(2) takes 64 bytes; the name also becomes a word of /etc/hosts.
private func checkHostname(_ name: String) throws(BundleError) {
  let fits = name.utf8.count <= 64 && name.utf8.allSatisfy { $0 > 0x20 && $0 != 0x7f && $0 != UInt8(ascii: "#") }
  if !fits { throw .refused("invalid hostname: '\(name)'") }
}
