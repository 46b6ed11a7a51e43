extension ResourceFlags {
  init(_ values: FlagValues) throws(BundleError) {
    try self.init(unchecked: values)
    try check()
  }

  /// What the flags say, before it is asked whether it fits together.
  init(unchecked values: FlagValues) throws(BundleError) {
    memory = try values.value("memory", byteSize).flatMap { $0 == 0 ? nil : $0 }
    memorySwap = try values.value("memory-swap", swapSize).flatMap { $0 == 0 ? nil : $0 }
    memoryReservation = try values.value("memory-reservation", byteSize).flatMap { $0 == 0 ? nil : $0 }
    memorySwappiness = try values.integer("memory-swappiness").flatMap { $0 == -1 ? nil : $0 }
    if values.flag("oom-kill-disable") { oomKillDisable = true }
    nanoCPUs = try values.value("cpus", Bundle.nanoCPUs).flatMap { $0 == 0 ? nil : $0 }
    cpuShares = try positive(values, "cpu-shares")
    cpuPeriod = try positive(values, "cpu-period")
    cpuQuota = try values.integer("cpu-quota").flatMap { $0 == 0 ? nil : $0 }
    cpuRealtimePeriod = try positive(values, "cpu-rt-period")
    cpuRealtimeRuntime = try positive(values, "cpu-rt-runtime")
    cpusetCpus = try cpuList(values, "cpuset-cpus")
    cpusetMems = try cpuList(values, "cpuset-mems")
    pidsLimit = try values.integer("pids-limit").flatMap { $0 == 0 ? nil : $0 < 0 ? -1 : $0 }
    blkioWeight = try values.integer("blkio-weight").flatMap { $0 == 0 ? nil : UInt16(clamping: $0) }
    cgroupParent = values.text("cgroup-parent").flatMap { $0.isEmpty ? nil : $0 }
  }

  func check() throws(BundleError) {
    try checkMemory()
    try checkCPU()
    if let weight = blkioWeight, !(10...1000).contains(weight) {
      throw .refused("Range of blkio weight is from 10 to 1000")
    }
    if let parent = cgroupParent, parent.split(separator: "/").contains("..") {
      throw .refused("invalid --cgroup-parent '\(parent)': '..' is not allowed")
    }
  }

  /// docker's rules; 6 MiB is its least.
  private func checkMemory() throws(BundleError) {
    if let memory, memory < 6 << 20 { throw .refused("Minimum memory limit allowed is 6MB") }
    if let reservation = memoryReservation {
      if reservation < 6 << 20 { throw .refused("Minimum memory reservation allowed is 6MB") }
      if let memory, memory < reservation {
        throw .refused("Minimum memory limit can not be less than memory reservation limit, see usage")
      }
    }
    if let swap = memorySwap {
      guard let memory else { throw .refused("You should always set the Memory limit when using Memoryswap limit, see usage") }
      if swap > 0, swap < memory { throw .refused("Minimum memoryswap limit should be larger than memory limit, see usage") }
    }
    if let swappiness = memorySwappiness, !(0...100).contains(swappiness) {
      throw .refused("invalid value: \(swappiness). Valid memory swappiness range is 0-100")
    }
  }

  private func checkCPU() throws(BundleError) {
    if let cpus = nanoCPUs {
      if cpuPeriod != nil { throw .refused("Conflicting options: Nano CPUs and CPU Period cannot both be set") }
      if cpuQuota != nil { throw .refused("Conflicting options: Nano CPUs and CPU Quota cannot both be set") }
      if cpus < 10_000_000 { throw .refused("range of CPUs is from 0.01 upwards, so --cpus cannot be less") }
    }
    if let period = cpuPeriod, !(1000...1_000_000).contains(period) {
      throw .refused("CPU cfs period can not be less than 1ms (i.e. 1000) or larger than 1s (i.e. 1000000)")
    }
    if let quota = cpuQuota, quota > 0, quota < 1000 { throw .refused("CPU cfs quota can not be less than 1ms (i.e. 1000)") }
  }
}

private func positive(_ values: FlagValues, _ name: String) throws(BundleError) -> Int64? {
  guard let value = try values.integer(name), value != 0 else { return nil }
  if value < 0 { throw .invalidArgument(value: "\(value)", flag: ContainerOptionTable.spelling(name), reason: "must not be negative") }
  return value
}

/// `0-3,5`: the list format of cpuset(7).
private func cpuList(_ values: FlagValues, _ name: String) throws(BundleError) -> String? {
  guard let text = values.text(name), !text.isEmpty else { return nil }
  for part in text.split(separator: ",", omittingEmptySubsequences: false) {
    let ends = part.split(separator: "-", maxSplits: 1, omittingEmptySubsequences: false)
    let numbers = ends.compactMap { $0.utf8.allSatisfy(isDigit) ? Int($0) : nil }
    guard numbers.count == ends.count, numbers.first ?? 0 <= numbers.last ?? 0 else {
      throw .refused("Invalid value \(text) for \(name == "cpuset-cpus" ? "cpuset cpus" : "cpuset mems")")
    }
  }
  return text
}
