import OCIRuntimeSpec
import Testing

@testable import Cgroups

@Suite struct ResourcePlanTests {
  static let all: Set<String> = ["cpu", "cpuset", "memory", "pids", "blkio", "hugetlb", "net_cls", "net_prio", "rdma"]
  static let v1 = ControllerHomes(legacy: all, unified: [], unifiedRoot: [], hasUnified: false)
  static let v2 = ControllerHomes(
    legacy: [], unified: ["cpu", "cpuset", "memory", "pids", "io", "hugetlb", "rdma"], unifiedRoot: [], hasUnified: true)

  /// `file=value` of each planned write, the alternatives of one joined by `|`.
  func plan(_ homes: ControllerHomes, _ change: (inout Resources) -> Void) throws -> [String] {
    var resources = Resources()
    change(&resources)
    return try ResourcePlan(resources, homes: homes).settings.map { setting in
      setting.writes.map { "\($0.file)=\($0.value)" }.joined(separator: "|")
    }
  }

  func memory(_ change: (inout Resources.Memory) -> Void) -> (inout Resources) -> Void {
    var memory = Resources.Memory()
    change(&memory)
    return { $0.memory = memory }
  }

  @Test func nothingAskedIsNothingDone() throws {
    let none = ControllerHomes(legacy: [], unified: [], unifiedRoot: [], hasUnified: false)
    #expect(try plan(none) { $0.memory = Resources.Memory() }.isEmpty)
  }

  @Test func memoryOfBothVersions() throws {
    let change = memory {
      $0.limit = 1000; $0.swap = 1500; $0.reservation = 500
    }
    #expect(
      try plan(Self.v1, change) == [
        "memory.limit_in_bytes=1000", "memory.memsw.limit_in_bytes=1500", "memory.soft_limit_in_bytes=500",
      ])
    #expect(try plan(Self.v2, change) == ["memory.max=1000", "memory.swap.max=500", "memory.low=500"])
  }

  @Test func unlimitedMemory() throws {
    let change = memory { $0.limit = -1 }
    #expect(try plan(Self.v1, change) == ["memory.memsw.limit_in_bytes=-1", "memory.limit_in_bytes=-1"])
    #expect(try plan(Self.v2, change) == ["memory.max=max"])
    #expect(try plan(Self.v2, memory { $0.swap = -1 }) == ["memory.swap.max=max"])
  }

  @Test func swapNeedsAMemoryLimitOnVersion2() {
    #expect(throws: CgroupError.self) { try plan(Self.v2, memory { $0.swap = 10 }) }
    #expect(throws: CgroupError.self) {
      try plan(
        Self.v2,
        memory {
          $0.limit = 20; $0.swap = 10
        })
    }
  }

  @Test func swappinessIsAPercentage() throws {
    #expect(try plan(Self.v1, memory { $0.swappiness = 0 }) == ["memory.swappiness=0"])
    #expect(throws: CgroupError.self) { try plan(Self.v1, memory { $0.swappiness = 101 }) }
    #expect(throws: CgroupError.property("linux.resources.memory.swappiness", "cgroup v2 has no such setting")) {
      try plan(Self.v2, memory { $0.swappiness = 1 })
    }
  }

  @Test func missingControllerIsNamed() {
    let none = ControllerHomes(legacy: ["cpu"], unified: [], unifiedRoot: ["pids"], hasUnified: true)
    let error = CgroupError.noController(property: "linux.resources.memory.limit", controller: "memory")
    #expect(throws: error) { try plan(none, memory { $0.limit = 1 }) }
    #expect("\(error)" == "linux.resources.memory.limit: no memory controller in the cgroups of this machine")
    #expect(throws: CgroupError.notDelegated(property: "linux.resources.pids.limit", controller: "pids")) {
      try plan(none) { $0.pids = .init(limit: 5) }
    }
  }

  /// The ends, the default and values between, by runc's formula.
  @Test(
    arguments: [(2, 1), (3, 2), (1024, 100), (512, 59), (2048, 174), (262_144, 10_000), (300_000, 10_000), (0, 1)] as [(UInt64, UInt64)])
  func weight(_ shares: UInt64, _ weight: UInt64) { #expect(cpuWeight(shares: shares) == weight) }

  @Test func weightGrowsWithShares() {
    var last: UInt64 = 0
    for shares in stride(from: UInt64(2), through: 262_144, by: 97) {
      #expect(cpuWeight(shares: shares) >= last)
      last = cpuWeight(shares: shares)
    }
  }

  @Test func cpu() throws {
    var cpu = Resources.CPU()
    cpu.shares = 1024
    cpu.quota = 10_000
    cpu.period = 50_000
    cpu.burst = 100
    cpu.cpus = "0-1"
    cpu.mems = "0"
    #expect(
      try plan(Self.v1) { $0.cpu = cpu } == [
        "cpu.shares=1024", "cpu.cfs_period_us=50000", "cpu.cfs_quota_us=10000", "cpu.cfs_burst_us=100", "cpuset.cpus=0-1",
        "cpuset.mems=0",
      ])
    #expect(
      try plan(Self.v2) { $0.cpu = cpu } == [
        "cpu.weight=100", "cpu.max=10000 50000", "cpu.max=10000 50000", "cpu.max.burst=100", "cpuset.cpus=0-1", "cpuset.mems=0",
      ])
    cpu = Resources.CPU()
    cpu.quota = -1
    #expect(try plan(Self.v2) { $0.cpu = cpu } == ["cpu.max=max 100000"])
    cpu.idle = 1
    cpu.shares = 5
    #expect(try plan(Self.v2) { $0.cpu = cpu } == ["cpu.idle=1", "cpu.max=max 100000"])
  }

  @Test func pids() throws {
    for (limit, value) in [(20, "20"), (0, "1"), (-1, "max")] as [(Int64, String)] {
      #expect(try plan(Self.v1) { $0.pids = .init(limit: limit) } == ["pids.max=\(value)"])
    }
  }

  @Test func blockIO() throws {
    var io = Resources.BlockIO()
    io.weight = 500
    io.throttleReadBpsDevice = [.init(major: 8, minor: 0, rate: 1024)]
    io.throttleWriteIOPSDevice = [.init(major: 8, minor: 16, rate: 0)]
    #expect(
      try plan(Self.v1) { $0.blockIO = io } == [
        "blkio.bfq.weight=500|blkio.weight=500", "blkio.throttle.read_bps_device=8:0 1024",
        "blkio.throttle.write_iops_device=8:16 0",
      ])
    #expect(
      try plan(Self.v2) { $0.blockIO = io } == [
        "io.bfq.weight=500|io.weight=default 4950", "io.max=8:0 rbps=1024", "io.max=8:16 wiops=max",
      ])
    #expect(ioWeight(10) == 1)
    #expect(ioWeight(1000) == 10_000)
  }

  @Test func hugePages() throws {
    #expect(
      try plan(Self.v2) { $0.hugepageLimits = [.init(pageSize: "2MB", limit: 4096)] } == [
        "hugetlb.2MB.max=4096", "hugetlb.2MB.rsvd.max=4096",
      ])
    for size in ["2MB/../x", "MB", "02MB", "2MiB", ""] {
      #expect(throws: CgroupError.self) { try plan(Self.v1) { $0.hugepageLimits = [.init(pageSize: size, limit: 1)] } }
    }
  }

  @Test func networkAndRdma() throws {
    #expect(
      try plan(Self.v1) {
        $0.network = .init(classID: 0x10_0001, priorities: [.init(name: "eth0", priority: 3)])
        $0.rdma = ["mlx5_1": .init(hcaHandles: 3, hcaObjects: 10)]
      } == ["net_cls.classid=1048577", "net_prio.ifpriomap=eth0 3", "rdma.max=mlx5_1 hca_handle=3 hca_object=10"])
  }

  @Test func unifiedNamesFilesOfVersion2() throws {
    #expect(try plan(Self.v2) { $0.unified = ["memory.high": "9"] } == ["memory.high=9"])
    for name in ["../memory.high", "a/b.c", ".hidden", "plain"] {
      #expect(throws: CgroupError.self) { try plan(Self.v2) { $0.unified = [name: "1"] } }
    }
    let reason = "invalid configuration: no version 2 cgroup of this machine has the misc controller"
    #expect(throws: CgroupError.property("linux.resources.unified['misc.max']", reason)) {
      try plan(Self.v2) { $0.unified = ["misc.max": "1"] }
    }
    #expect(throws: CgroupError.self) { try plan(Self.v1) { $0.unified = ["memory.high": "9"] } }
  }
}
