internal import Linux
internal import SystemPackage

/// What a container uses, in the shape of runc's `events --stats` (its `data`). Bytes and nanoseconds unless said otherwise.
package struct CgroupStatistics: Encodable, Hashable, Sendable {
  package var cpu = CPU()
  package var memory = Memory()
  package var pids = PIDs()
  package var blkio = BlockIO()
  /// By page size, `2MB`.
  package var hugetlb: [String: Usage] = [:]

  package struct CPU: Encodable, Hashable, Sendable {
    package var usage = Time()
    package var throttling = Throttling()

    package struct Time: Encodable, Hashable, Sendable {
      package var total: UInt64 = 0
      package var percpu: [UInt64]?
      package var kernel: UInt64 = 0
      package var user: UInt64 = 0
    }
    package struct Throttling: Encodable, Hashable, Sendable {
      package var periods: UInt64 = 0
      package var throttledPeriods: UInt64 = 0
      package var throttledTime: UInt64 = 0
    }
  }

  package struct Usage: Encodable, Hashable, Sendable {
    package var limit: UInt64?
    package var usage: UInt64?
    package var max: UInt64?
    package var failcnt: UInt64 = 0
  }

  package struct Memory: Encodable, Hashable, Sendable {
    package var cache: UInt64 = 0
    package var usage = Usage()
    package var swap = Usage()
    package var kernel = Usage()
    package var kernelTCP = Usage()
    /// `memory.stat` as it is.
    package var raw: [String: UInt64] = [:]
  }

  package struct PIDs: Encodable, Hashable, Sendable {
    package var current: UInt64 = 0
    /// 0 for none.
    package var limit: UInt64 = 0
  }

  package struct BlockIO: Encodable, Hashable, Sendable {
    package var ioServiceBytesRecursive: [Entry] = []
    package var ioServicedRecursive: [Entry] = []

    package struct Entry: Encodable, Hashable, Sendable {
      package var major: UInt64
      package var minor: UInt64
      /// `Read`, `Write`, `Sync`, `Async`, `Discard`, `Total`.
      package var op: String
      package var value: UInt64
    }
  }
}

extension Cgroup {
  /// Reads what there is; a controller that this machine does not have leaves zeros.
  package func statistics() throws(CgroupError) -> CgroupStatistics {
    guard exists else { throw .inUse("the cgroup of the container is gone") }
    var statistics = CgroupStatistics()
    if let unified { statistics.read(unified: unified) }
    for directory in directories where directory.version == .v1 { statistics.read(legacy: directory) }
    return statistics
  }
}

extension Cgroup.Directory {
  /// A file that holds one number; nil for `max`, for what is no number and for a file that is not there.
  func number(_ name: String) -> UInt64? { (try? read(name)).flatMap { UInt64($0) } }
  func values(_ name: String) -> [String: UInt64] { keyedValues((try? read(name)) ?? "") }

  /// The sizes of huge pages for which there are files `hugetlb.SIZE.SUFFIX`.
  func hugePageSizes(_ suffix: String) -> [String] {
    guard let entries = try? openFile(path, [.readOnly, .directory]).entries() else { return [] }
    return entries.compactMap { entry in
      let parts = entry.name.string.split(separator: ".")
      return parts.count == 3 && parts[0] == "hugetlb" && parts[2] == suffix ? String(parts[1]) : nil
    }
  }
}

extension CgroupStatistics {
  mutating func read(legacy directory: Cgroup.Directory) {
    if directory.controllers.contains("cpuacct") {
      cpu.usage.total = directory.number("cpuacct.usage") ?? 0
      cpu.usage.user = directory.number("cpuacct.usage_user") ?? 0
      cpu.usage.kernel = directory.number("cpuacct.usage_sys") ?? 0
      cpu.usage.percpu = (try? directory.read("cpuacct.usage_percpu"))?.split(separator: " ").compactMap { UInt64($0) }
    }
    if directory.controllers.contains("cpu") {
      let stat = directory.values("cpu.stat")
      cpu.throttling.periods = stat["nr_periods"] ?? 0
      cpu.throttling.throttledPeriods = stat["nr_throttled"] ?? 0
      cpu.throttling.throttledTime = stat["throttled_time"] ?? 0
    }
    if directory.controllers.contains("memory") {
      memory.raw = directory.values("memory.stat")
      memory.cache = memory.raw["cache"] ?? 0
      memory.usage = usage(directory, "memory")
      memory.swap = usage(directory, "memory.memsw")
      memory.kernel = usage(directory, "memory.kmem")
      memory.kernelTCP = usage(directory, "memory.kmem.tcp")
    }
    if directory.controllers.contains("pids") { readPIDs(directory) }
    if directory.controllers.contains("blkio") {
      blkio.ioServiceBytesRecursive = entries(
        directory, ["blkio.bfq.io_service_bytes_recursive", "blkio.throttle.io_service_bytes_recursive"])
      blkio.ioServicedRecursive = entries(directory, ["blkio.bfq.io_serviced_recursive", "blkio.throttle.io_serviced_recursive"])
    }
    if directory.controllers.contains("hugetlb") {
      for size in directory.hugePageSizes("usage_in_bytes") {
        hugetlb[size] = Usage(
          usage: directory.number("hugetlb.\(size).usage_in_bytes"),
          max: directory.number("hugetlb.\(size).max_usage_in_bytes"),
          failcnt: directory.number("hugetlb.\(size).failcnt") ?? 0)
      }
    }
  }

  mutating func read(unified directory: Cgroup.Directory) {
    let stat = directory.values("cpu.stat")
    // Microseconds there.
    cpu.usage.total = (stat["usage_usec"] ?? 0) * 1000
    cpu.usage.user = (stat["user_usec"] ?? 0) * 1000
    cpu.usage.kernel = (stat["system_usec"] ?? 0) * 1000
    cpu.throttling.periods = stat["nr_periods"] ?? 0
    cpu.throttling.throttledPeriods = stat["nr_throttled"] ?? 0
    cpu.throttling.throttledTime = (stat["throttled_usec"] ?? 0) * 1000
    if let current = directory.number("memory.current") {
      memory.raw = directory.values("memory.stat")
      memory.cache = memory.raw["file"] ?? 0
      let events = directory.values("memory.events")
      memory.usage = Usage(
        limit: directory.number("memory.max") ?? .max, usage: current, max: directory.number("memory.peak"),
        failcnt: events["max"] ?? 0)
      // runc shows memory and swap together, as version 1 does.
      let swap = directory.number("memory.swap.current") ?? 0
      let limit = directory.number("memory.swap.max") ?? .max
      let sum = (memory.usage.limit ?? .max).addingReportingOverflow(limit)
      memory.swap = Usage(limit: sum.overflow ? .max : sum.partialValue, usage: current + swap)
    }
    readPIDs(directory)
    readIO(directory)
    for size in directory.hugePageSizes("current") {
      hugetlb[size] = Usage(
        usage: directory.number("hugetlb.\(size).current"),
        failcnt: directory.values("hugetlb.\(size).events")["max"] ?? 0)
    }
  }

  private mutating func readPIDs(_ directory: Cgroup.Directory) {
    guard let current = directory.number("pids.current") else { return }
    pids = PIDs(current: current, limit: directory.number("pids.max") ?? 0)
  }

  private func usage(_ directory: Cgroup.Directory, _ prefix: String) -> Usage {
    Usage(
      limit: directory.number(prefix + ".limit_in_bytes"), usage: directory.number(prefix + ".usage_in_bytes"),
      max: directory.number(prefix + ".max_usage_in_bytes"), failcnt: directory.number(prefix + ".failcnt") ?? 0)
  }

  /// `8:0 Read 4096` lines of the first of `names` that has any.
  private func entries(_ directory: Cgroup.Directory, _ names: [String]) -> [BlockIO.Entry] {
    for name in names {
      let lines = ((try? directory.read(name)) ?? "").split(separator: "\n")
      let entries = lines.compactMap { line -> BlockIO.Entry? in
        let words = line.split { $0 == " " || $0 == ":" }
        guard words.count == 4, let major = UInt64(words[0]), let minor = UInt64(words[1]), let value = UInt64(words[3])
        else { return nil }
        return BlockIO.Entry(major: major, minor: minor, op: String(words[2]), value: value)
      }
      if !entries.isEmpty { return entries }
    }
    return []
  }

  /// `8:0 rbytes=1 wbytes=2 rios=3 wios=4 dbytes=5 dios=6` lines of io.stat.
  private mutating func readIO(_ directory: Cgroup.Directory) {
    let names = ["rbytes": "Read", "wbytes": "Write", "dbytes": "Discard", "rios": "Read", "wios": "Write", "dios": "Discard"]
    for line in ((try? directory.read("io.stat")) ?? "").split(separator: "\n") {
      let words = line.split(separator: " ")
      let numbers = words[0].split(separator: ":").compactMap { UInt64($0) }
      guard numbers.count == 2 else { continue }
      for word in words.dropFirst() {
        let pair = word.split(separator: "=")
        guard pair.count == 2, let name = names[String(pair[0])], let value = UInt64(pair[1]) else { continue }
        let entry = BlockIO.Entry(major: numbers[0], minor: numbers[1], op: name, value: value)
        if pair[0].hasSuffix("bytes") {
          blkio.ioServiceBytesRecursive.append(entry)
        } else {
          blkio.ioServicedRecursive.append(entry)
        }
      }
    }
  }
}
