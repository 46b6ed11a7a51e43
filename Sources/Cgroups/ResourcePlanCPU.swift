internal import Linux
internal import OCIRuntimeSpec

extension ResourcePlan {
  /// config-linux.md#cpu. Times in microseconds.
  mutating func plan(_ cpu: Resources.CPU) throws(CgroupError) {
    // Real-time shares first: no real-time process can join before.
    if let period = cpu.realtimePeriod, period != 0 {
      try set("cpu.realtimePeriod", of: "cpu", v1: [Write("cpu.rt_period_us", String(period))], v2: nil)
    }
    if let runtime = cpu.realtimeRuntime, runtime != 0 {
      try set("cpu.realtimeRuntime", of: "cpu", v1: [Write("cpu.rt_runtime_us", String(runtime))], v2: nil)
    }
    if let idle = cpu.idle { try set("cpu.idle", of: "cpu", v1: [Write("cpu.idle", String(idle))], v2: [Write("cpu.idle", String(idle))]) }
    // An idle group has no shares to set: the kernel refuses them.
    if let shares = cpu.shares, shares != 0, cpu.idle != 1 {
      try set(
        "cpu.shares", of: "cpu", v1: [Write("cpu.shares", String(shares))],
        v2: [Write("cpu.weight", String(cpuWeight(shares: shares)))], isVerified: true)
    }
    try planBandwidth(cpu)
    if let cpus = cpu.cpus, !cpus.isEmpty {
      try set("cpu.cpus", of: "cpuset", v1: [Write("cpuset.cpus", cpus)], v2: [Write("cpuset.cpus", cpus)])
    }
    if let mems = cpu.mems, !mems.isEmpty {
      try set("cpu.mems", of: "cpuset", v1: [Write("cpuset.mems", mems)], v2: [Write("cpuset.mems", mems)])
    }
  }

  private mutating func planBandwidth(_ cpu: Resources.CPU) throws(CgroupError) {
    let period = cpu.period.flatMap { $0 == 0 ? nil : $0 }
    let quota = cpu.quota.flatMap { $0 == 0 ? nil : $0 }
    // Version 2 has both in one file.
    let both = [Write("cpu.max", "\(Self.limit(quota ?? -1)) \(period ?? 100_000)")]
    if let period { try set("cpu.period", of: "cpu", v1: [Write("cpu.cfs_period_us", String(period))], v2: both) }
    if let quota { try set("cpu.quota", of: "cpu", v1: [Write("cpu.cfs_quota_us", String(quota))], v2: both) }
    if let burst = cpu.burst {
      try set(
        "cpu.burst", of: "cpu", v1: [Write("cpu.cfs_burst_us", String(burst))], v2: [Write("cpu.max.burst", String(burst))])
    }
  }
}

/// Version 1's shares (2...262144, 1024 by default) as version 2's weight (1...10000, 100 by default): the curve through the
/// two ends and the defaults that runc and crun use, so that all runtimes give a container the same part.
func cpuWeight(shares: UInt64) -> UInt64 {
  if shares <= 2 { return 1 }
  if shares >= 262_144 { return 10_000 }
  let log = binaryLogarithm(Double(shares))
  return UInt64(powerOfTen((log * log + 125 * log) / 612 - 7.0 / 34).rounded(.up))
}
