internal import Cgroups
internal import JSON
internal import Linux
package import OCIRuntimeSpec
internal import SystemPackage

extension Container {
  /// Lays `changes` over the limits that hold now and makes the whole hold; records it for the next time.
  package func update(_ changes: Resources) throws(RuntimeError) {
    if status == .stopped { throw .message("cannot update a container that has stopped") }
    guard let cgroup = try cgroup() else { throw .message("container has no cgroup") }
    var configuration = try configuration()
    var linux = configuration.linux ?? LinuxConfiguration()
    var resources = linux.resources ?? Resources()
    resources.lay(changes)
    do { try cgroup.apply(resources, settingDevices: false) } catch { throw .message("\(error)") }
    linux.resources = resources
    configuration.linux = linux
    let content: [UInt8]
    do { content = try encodeJSON(configuration) } catch { throw .message("config.json: \(error)") }
    try attempting("state directory") { () throws(SystemError) in
      try replaceFile(directory.configuration, with: content, mode: 0o600, durable: false)
    }
  }
}

extension Container {
  /// Other schemata for the class of resctrl that the container is in.
  package func update(l3CacheSchema: String?, memBwSchema: String?) throws(RuntimeError) {
    guard let path = record.resctrlClass else { throw .message("container has no class of resctrl (linux.intelRdt)") }
    let lines = ResourceControl.lines(nil, l3: l3CacheSchema, bandwidth: memBwSchema)
    try attempting("schemata") { () throws(SystemError) in
      try openFile(FilePath(path).appending("schemata"), .writeOnly).writeAll(lines.joined(separator: "\n") + "\n")
    }
  }
}

extension Resources {
  /// Takes every value that `changes` has, leaf by leaf.
  mutating func lay(_ changes: Resources) {
    if let new = changes.memory {
      var memory = memory ?? Memory()
      memory.limit = new.limit ?? memory.limit
      memory.reservation = new.reservation ?? memory.reservation
      // No limit on memory is none on memory and swap together, which may not be lower.
      memory.swap = new.swap ?? (new.limit == -1 ? -1 : memory.swap)
      memory.kernel = new.kernel ?? memory.kernel
      memory.kernelTCP = new.kernelTCP ?? memory.kernelTCP
      memory.swappiness = new.swappiness ?? memory.swappiness
      memory.disableOOMKiller = new.disableOOMKiller ?? memory.disableOOMKiller
      memory.checkBeforeUpdate = new.checkBeforeUpdate ?? memory.checkBeforeUpdate
      self.memory = memory
    }
    if let new = changes.cpu {
      var cpu = cpu ?? CPU()
      cpu.shares = new.shares ?? cpu.shares
      cpu.quota = new.quota ?? cpu.quota
      cpu.burst = new.burst ?? cpu.burst
      cpu.period = new.period ?? cpu.period
      cpu.realtimeRuntime = new.realtimeRuntime ?? cpu.realtimeRuntime
      cpu.realtimePeriod = new.realtimePeriod ?? cpu.realtimePeriod
      cpu.cpus = new.cpus ?? cpu.cpus
      cpu.mems = new.mems ?? cpu.mems
      cpu.idle = new.idle ?? cpu.idle
      self.cpu = cpu
    }
    if let limit = changes.pids?.limit { pids = Pids(limit: limit) }
    blockIO = changes.blockIO ?? blockIO
    hugepageLimits = changes.hugepageLimits ?? hugepageLimits
    network = changes.network ?? network
    rdma = changes.rdma ?? rdma
    unified = changes.unified.map { (unified ?? [:]).merging($0) { $1 } } ?? unified
  }
}
