internal import OCIRuntimeSpec

extension ResourcePlan {
  /// config-linux.md#memory. Bytes; -1 is no limit.
  mutating func plan(_ memory: Resources.Memory) throws(CgroupError) {
    let limit = memory.limit.flatMap { $0 == 0 ? nil : $0 }
    let swap = memory.swap.flatMap { $0 == 0 ? nil : $0 }
    if let limit {
      // A limit that ends ends the one of memory and swap too, which could not stay below it.
      if limit < 0, swap == nil, homes.version(of: "memory") == .v1 {
        try set("memory.swap", of: "memory", v1: [Write("memory.memsw.limit_in_bytes", "-1")], v2: nil, isOptional: true)
      }
      try set(
        "memory.limit", of: "memory", v1: [Write("memory.limit_in_bytes", String(limit))],
        v2: [Write("memory.max", Self.limit(limit))])
    }
    if let swap { try plan(swap: swap, limit: limit) }
    if let reservation = memory.reservation, reservation != 0 {
      try set(
        "memory.reservation", of: "memory", v1: [Write("memory.soft_limit_in_bytes", String(reservation))],
        v2: [Write("memory.low", Self.limit(reservation))])
    }
    if let kernel = memory.kernel, kernel != 0 {
      try set("memory.kernel", of: "memory", v1: [Write("memory.kmem.limit_in_bytes", String(kernel))], v2: nil)
    }
    if let kernelTCP = memory.kernelTCP, kernelTCP != 0 {
      try set("memory.kernelTCP", of: "memory", v1: [Write("memory.kmem.tcp.limit_in_bytes", String(kernelTCP))], v2: nil)
    }
    if memory.useHierarchy == true {
      // Version 2 always counts that way, and so does version 1 since Linux 5.11.
      try set("memory.useHierarchy", of: "memory", v1: [Write("memory.use_hierarchy", "1")], v2: [], isOptional: true)
    }
    if memory.disableOOMKiller == true {
      try set("memory.disableOOMKiller", of: "memory", v1: [Write("memory.oom_control", "1")], v2: nil)
    }
    try plan(swappiness: memory.swappiness)
  }

  private mutating func plan(swappiness: UInt64?) throws(CgroupError) {
    guard let swappiness, swappiness != .max else { return }
    if swappiness > 100 {
      throw .property("linux.resources.memory.swappiness", "invalid memory swappiness value: \(swappiness) (valid range is 0-100)")
    }
    try set("memory.swappiness", of: "memory", v1: [Write("memory.swappiness", String(swappiness))], v2: nil)
  }

  /// `swap` is memory and swap together, as version 1 counts; version 2 limits swap alone.
  private mutating func plan(swap: Int64, limit: Int64?) throws(CgroupError) {
    var alone = "max"
    if swap > 0, homes.version(of: "memory") == .v2 {
      guard let limit, limit > 0 else {
        throw .property("linux.resources.memory.swap", "unable to set swap limit without memory limit")
      }
      if swap < limit {
        throw .property("linux.resources.memory.swap", "memory+swap limit should be >= memory limit")
      }
      alone = String(swap - limit)
    }
    // A kernel without swap accounting cannot let the container use more or any of it: nothing is lost for these two.
    let isOptional = homes.version(of: "memory") == .v2 && (alone == "max" || alone == "0")
    try set(
      "memory.swap", of: "memory", v1: [Write("memory.memsw.limit_in_bytes", String(swap))],
      v2: [Write("memory.swap.max", alone)], isOptional: isOptional)
  }
}
