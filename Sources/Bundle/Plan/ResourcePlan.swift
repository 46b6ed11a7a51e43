internal import OCIRuntimeSpec

extension BundlePlan {
  var resources: Resources {
    let limits = flags.resources
    var resources = Resources()
    resources.devices = deviceRules
    resources.memory = memory(limits)
    resources.cpu = cpu(limits)
    if let limit = limits.pidsLimit { resources.pids = Resources.Pids(limit: limit) }
    if let weight = limits.blkioWeight {
      var blockIO = Resources.BlockIO()
      blockIO.weight = weight
      resources.blockIO = blockIO
    }
    return resources
  }

  /// Nothing but the devices that every container has (config-linux.md#default-devices) and those asked for; everything to the privileged.
  private var deviceRules: [Resources.DeviceRule] {
    if flags.privileged { return [Resources.DeviceRule(allow: true, access: "rwm")] }
    let character: [(Int64, Int64)] = [(1, 5), (1, 3), (1, 9), (1, 8), (5, 0), (5, 1)]
    var rules = [Resources.DeviceRule(allow: false, access: "rwm")]
    rules += character.map { Resources.DeviceRule(allow: true, type: .character, major: $0.0, minor: $0.1, access: "rwm") }
    rules.append(Resources.DeviceRule(allow: false, type: .character, major: 10, minor: 229, access: "rwm"))
    rules += devices.rules
    rules += flags.deviceRules.map { rule in
      Resources.DeviceRule(
        allow: true, type: Resources.DeviceRule.Kind(rawValue: rule.type), major: rule.major, minor: rule.minor, access: rule.access)
    }
    return rules
  }

  private func memory(_ limits: ResourceFlags) -> Resources.Memory? {
    var memory = Resources.Memory()
    memory.limit = limits.memory
    memory.reservation = limits.memoryReservation
    // docker: as much swap as memory where nothing was said.
    memory.swap = limits.memorySwap ?? limits.memory.map { $0 * 2 }
    memory.swappiness = limits.memorySwappiness.map { UInt64($0) }
    memory.disableOOMKiller = limits.oomKillDisable
    return memory == Resources.Memory() ? nil : memory
  }

  private func cpu(_ limits: ResourceFlags) -> Resources.CPU? {
    var cpu = Resources.CPU()
    cpu.shares = limits.cpuShares.map { UInt64($0) }
    if let nano = limits.nanoCPUs {
      cpu.period = 100_000
      cpu.quota = nano / 10_000
    } else {
      cpu.period = limits.cpuPeriod.map { UInt64($0) }
      cpu.quota = limits.cpuQuota
    }
    cpu.realtimePeriod = limits.cpuRealtimePeriod.map { UInt64($0) }
    cpu.realtimeRuntime = limits.cpuRealtimeRuntime
    cpu.cpus = limits.cpusetCpus
    cpu.mems = limits.cpusetMems
    return cpu == Resources.CPU() ? nil : cpu
  }
}
