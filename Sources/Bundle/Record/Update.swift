package import CommandSupport
internal import JSON
internal import Linux
internal import OCIRuntimeSpec
internal import SystemPackage

/// `docker update`: other limits and another restart policy for a container, for the process that runs and for those to come.
package struct ContainerUpdate: Sendable {
  private let limits: ResourceFlags
  private let restart: RestartPolicy?

  package init(_ parsed: ParsedOptions) throws(BundleError) {
    let values = FlagValues(parsed)
    limits = try ResourceFlags(unchecked: values)
    restart = try values.text("restart").map { (text) throws(BundleError) in try RestartPolicy(parsing: text) }
    if limits == ResourceFlags(), restart == nil { throw .refused("You must provide one or more flags when using this command.") }
  }

  /// The running process first: what the kernel refuses is not written down.
  package func apply(to typed: String, _ places: Places) throws(BundleError) {
    let container = try ContainerStore(places).resolve(typed)
    var record = container.record
    if let restart {
      if record.autoRemove, restart != RestartPolicy() {
        throw .refused("Restart policy cannot be updated because AutoRemove is enabled for the container")
      }
      record.restartPolicy = restart
    }
    record.limits.lay(limits)
    try record.limits.check()
    let path = container.directory.appending(RuntimeConfiguration.fileName)
    if limits != ResourceFlags() {
      let content = try attempting("read '\(path)'") { () throws(SystemError) in try readFile(path) }
      var configuration: RuntimeConfiguration
      do { configuration = try decodeJSON(RuntimeConfiguration.self, from: content) } catch {
        throw .damaged(path: path.description, reason: error.description)
      }
      var resources = record.limits.resources
      if try ContainerState(container, places).pid != 0 { try change(record.id, resources, container.directory, places) }
      resources.devices = configuration.linux?.resources?.devices
      configuration.linux?.resources = resources
      try writeJSON(configuration, to: path, durable: .yes)
    }
    try writeJSON(record, to: container.directory.appending(ContainerRecord.fileName), durable: .yes)
  }

  private func change(_ id: String, _ resources: Resources, _ bundle: FilePath, _ places: Places) throws(BundleError) {
    let file = bundle.appending(".resources.json")
    try writeJSON(resources, to: file, durable: .no)
    defer { try? removeFile(file) }
    let status = try attempting("update container '\(shortID(id))'") { () throws(SystemError) -> ExitStatus in
      try SpawnedCommand(
        try toolPath("runc-swift"),
        ["runc-swift", "--root", places.run.appending("runtime").string, "update", "--resources", file.string, id], input: .none,
        output: .none
      ).wait()
    }
    guard status == .exited(0) else { throw .refused("cannot update container '\(shortID(id))': runc-swift update failed") }
  }
}

extension ResourceFlags {
  /// Takes what `changes` says and keeps the rest; CPUs and a quota are two ways to say one thing, so the later one counts.
  mutating func lay(_ changes: ResourceFlags) {
    if changes.nanoCPUs != nil { (cpuPeriod, cpuQuota) = (nil, nil) }
    if changes.cpuPeriod != nil || changes.cpuQuota != nil { nanoCPUs = nil }
    memory = changes.memory ?? memory
    memorySwap = changes.memorySwap ?? memorySwap
    memoryReservation = changes.memoryReservation ?? memoryReservation
    nanoCPUs = changes.nanoCPUs ?? nanoCPUs
    cpuShares = changes.cpuShares ?? cpuShares
    cpuPeriod = changes.cpuPeriod ?? cpuPeriod
    cpuQuota = changes.cpuQuota ?? cpuQuota
    cpuRealtimePeriod = changes.cpuRealtimePeriod ?? cpuRealtimePeriod
    cpuRealtimeRuntime = changes.cpuRealtimeRuntime ?? cpuRealtimeRuntime
    cpusetCpus = changes.cpusetCpus ?? cpusetCpus
    cpusetMems = changes.cpusetMems ?? cpusetMems
    pidsLimit = changes.pidsLimit ?? pidsLimit
    blkioWeight = changes.blkioWeight ?? blkioWeight
  }
}
