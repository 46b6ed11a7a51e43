internal import OCIRuntimeSpec

extension BundlePlan {
  var resources: Resources {
    var resources = flags.resources.resources
    resources.devices = deviceRules
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
}

extension ResourceFlags {
  /// The limits as config.json has them.
  var resources: Resources {
    var resources = Resources()
    resources.memory = memoryResources
    resources.cpu = cpuResources
    if let pidsLimit { resources.pids = Resources.Pids(limit: pidsLimit) }
    if let blkioWeight {
      var blockIO = Resources.BlockIO()
      blockIO.weight = blkioWeight
      resources.blockIO = blockIO
    }
    return resources
  }

  private var memoryResources: Resources.Memory? {
    var memory = Resources.Memory()
    memory.limit = self.memory
    memory.reservation = memoryReservation
    // docker: as much swap as memory where nothing was said.
    memory.swap = memorySwap ?? self.memory.map { $0 * 2 }
    memory.swappiness = memorySwappiness.map { UInt64($0) }
    memory.disableOOMKiller = oomKillDisable
    return memory == Resources.Memory() ? nil : memory
  }

  private var cpuResources: Resources.CPU? {
    var cpu = Resources.CPU()
    cpu.shares = cpuShares.map { UInt64($0) }
    if let nano = nanoCPUs {
      cpu.period = 100_000
      cpu.quota = nano / 10_000
    } else {
      cpu.period = cpuPeriod.map { UInt64($0) }
      cpu.quota = cpuQuota
    }
    cpu.realtimePeriod = cpuRealtimePeriod.map { UInt64($0) }
    cpu.realtimeRuntime = cpuRealtimeRuntime
    cpu.cpus = cpusetCpus
    cpu.mems = cpusetMems
    return cpu == Resources.CPU() ? nil : cpu
  }
}
