internal import OCIRuntimeSpec

extension ResourcePlan {
  /// config-linux.md#block-io.
  mutating func plan(_ blockIO: Resources.BlockIO) throws(CgroupError) {
    if let weight = blockIO.weight, weight != 0 {
      try set(
        "blockIO.weight", of: "blkio", v1: [Write("blkio.bfq.weight", String(weight)), Write("blkio.weight", String(weight))],
        v2: [Write("io.bfq.weight", String(weight)), Write("io.weight", "default \(ioWeight(weight))")])
    }
    if let weight = blockIO.leafWeight, weight != 0 {
      try set("blockIO.leafWeight", of: "blkio", v1: [Write("blkio.leaf_weight", String(weight))], v2: nil)
    }
    for (index, device) in (blockIO.weightDevice ?? []).enumerated() {
      let property = "blockIO.weightDevice[\(index)]"
      let number = "\(device.major):\(device.minor)"
      if let weight = device.weight, weight != 0 {
        try set(
          property + ".weight", of: "blkio",
          v1: [Write("blkio.bfq.weight_device", "\(number) \(weight)"), Write("blkio.weight_device", "\(number) \(weight)")],
          v2: [Write("io.bfq.weight", "\(number) \(weight)"), Write("io.weight", "\(number) \(ioWeight(weight))")])
      }
      if let weight = device.leafWeight, weight != 0 {
        try set(property + ".leafWeight", of: "blkio", v1: [Write("blkio.leaf_weight_device", "\(number) \(weight)")], v2: nil)
      }
    }
    try plan(blockIO.throttleReadBpsDevice, "throttleReadBpsDevice", "read_bps", "rbps")
    try plan(blockIO.throttleWriteBpsDevice, "throttleWriteBpsDevice", "write_bps", "wbps")
    try plan(blockIO.throttleReadIOPSDevice, "throttleReadIOPSDevice", "read_iops", "riops")
    try plan(blockIO.throttleWriteIOPSDevice, "throttleWriteIOPSDevice", "write_iops", "wiops")
  }

  /// `v1` and `v2` are the two versions' words for the limit. A rate of 0 is no limit, which version 2 spells `max`.
  private mutating func plan(
    _ devices: [Resources.BlockIO.ThrottleDevice]?, _ name: String, _ v1: String, _ v2: String
  ) throws(CgroupError) {
    for (index, device) in (devices ?? []).enumerated() {
      let number = "\(device.major):\(device.minor)"
      try set(
        "blockIO.\(name)[\(index)]", of: "blkio",
        v1: [Write("blkio.throttle.\(v1)_device", "\(number) \(device.rate)")],
        v2: [Write("io.max", "\(number) \(v2)=\(device.rate == 0 ? "max" : String(device.rate))")])
    }
  }
}

/// blkio's weight (10...1000) as io.weight (1...10000), linearly, as runc converts it.
func ioWeight(_ weight: UInt16) -> UInt64 {
  1 + (UInt64(max(weight, 10)) - 10) * 9999 / 990
}
