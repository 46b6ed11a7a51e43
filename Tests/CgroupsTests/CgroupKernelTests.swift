import Linux
import OCIRuntimeSpec
import SystemPackage
import Testing

@testable import Cgroups

/// On the machine's own hierarchies, under a cgroup of the test's own. Each test leaves nothing.
@Suite(.serialized, .enabled(if: effectiveUserID == 0, "needs root")) struct CgroupKernelTests {
  /// What this machine has, and its version 2 alone.
  static let layouts: [CgroupLayout] = {
    guard let detected = try? CgroupLayout.detect() else { return [] }
    let unified = CgroupLayout(hierarchies: detected.hierarchies.filter { $0.version == .v2 })
    return [detected] + (detected.mode == .hybrid ? [unified] : [])
  }()

  /// Runs `body` with a new cgroup, two levels below the root, and `sleep` in it.
  func withCgroup(_ layout: CgroupLayout, _ name: String, _ body: (Cgroup, Int32) throws -> Void) throws {
    let parent = try Cgroup(layout: layout, cgroupsPath: "/tote-test-\(processID)", id: "x")
    let cgroup = try Cgroup(layout: layout, cgroupsPath: "/tote-test-\(processID)/\(name)", id: "x")
    defer { try? parent.remove() }
    try cgroup.create()
    let child = try SpawnedCommand("/bin/sleep", ["sleep", "60"])
    let pid = child.id
    defer { try? sendSignal(9, to: pid) }
    try cgroup.add(process: pid)
    try body(cgroup, pid)
    try? sendSignal(9, to: pid)
    _ = try child.wait()
    try cgroup.remove()
    #expect(!cgroup.exists)
    try parent.remove()
    #expect(!parent.exists)
  }

  @Test(arguments: layouts) func processesAreListedAndKilled(_ layout: CgroupLayout) throws {
    try withCgroup(layout, "kill") { cgroup, pid in
      #expect(try cgroup.processIDs() == [pid])
      #expect(throws: CgroupError.inUse("container's cgroup is not empty: 1 process(es) found")) { try cgroup.create() }
      let reopened = try Cgroup(paths: cgroup.paths)
      let process = try openProcess(pid)
      try reopened.freeze()
      try reopened.kill()
      #expect(try process.isReadable(within: 5000), "a frozen process dies as well")
      #expect(try cgroup.isFrozen() == false || layout.mode == .unified)
    }
  }

  @Test(arguments: layouts) func frozenProcessesDoNotRun(_ layout: CgroupLayout) throws {
    try withCgroup(layout, "freeze") { cgroup, pid in
      #expect(try !cgroup.isFrozen())
      try cgroup.freeze()
      #expect(try cgroup.isFrozen())
      let process = try openProcess(pid)
      try process.sendSignal(15)
      // Version 2 lets a fatal signal through to a frozen process; what freeze() waited for is the kernel's own word there.
      if layout.mode != .unified { #expect(try !process.isReadable(within: 100)) }
      try cgroup.thaw()
      #expect(try process.isReadable(within: 5000))
      #expect(try !cgroup.isFrozen())
    }
  }

  @Test(arguments: layouts) func nestedCgroupsAreRemoved(_ layout: CgroupLayout) throws {
    try withCgroup(layout, "nested") { cgroup, pid in
      for directory in cgroup.directories { try makeDirectories(directory.path.appending("inner/more")) }
      let unified = cgroup.unified?.path.appending("inner/more/cgroup.procs")
      if let unified { try openFile(unified, .writeOnly).writeAll("\(pid)") }
      #expect(try cgroup.processIDs() == [pid])
    }
  }

  @Test(arguments: layouts) func statisticsCount(_ layout: CgroupLayout) throws {
    try withCgroup(layout, "stats") { cgroup, _ in
      let statistics = try cgroup.statistics()
      if cgroup.legacy("pids") != nil { #expect(statistics.pids.current == 1) }
      if cgroup.legacy("memory") != nil {
        #expect((statistics.memory.usage.usage ?? 0) < 1 << 30)
        #expect(statistics.memory.raw["rss"] != nil)
        #expect(cgroup.oomKills == 0)
      }
    }
  }

  @Test func limitsHold() throws {
    let layout = try #require(Self.layouts.first)
    try #require(layout.mode != .unified)
    try withCgroup(layout, "limits") { cgroup, _ in
      var resources = Resources()
      resources.memory = Resources.Memory()
      resources.memory?.limit = 64 << 20
      resources.memory?.swap = 128 << 20
      resources.pids = .init(limit: 33)
      resources.cpu = Resources.CPU()
      resources.cpu?.shares = 512
      resources.cpu?.quota = 20_000
      resources.cpu?.cpus = "0"
      try cgroup.apply(resources)
      #expect(cgroup.legacy("memory")?.number("memory.limit_in_bytes") == 64 << 20)
      #expect(cgroup.legacy("memory")?.number("memory.memsw.limit_in_bytes") == 128 << 20)
      #expect(cgroup.legacy("pids")?.number("pids.max") == 33)
      #expect(cgroup.legacy("cpu")?.number("cpu.shares") == 512)
      #expect(cgroup.legacy("cpu")?.number("cpu.cfs_quota_us") == 20_000)
      #expect(try cgroup.legacy("cpuset")?.read("cpuset.cpus") == "0")
      // Both limits up, then both down: each order is refused by the kernel one way.
      for limit: Int64 in [256 << 20, 32 << 20] {
        resources.memory?.limit = limit
        resources.memory?.swap = limit
        try cgroup.apply(resources, settingDevices: false)
        #expect(cgroup.legacy("memory")?.number("memory.limit_in_bytes") == UInt64(limit))
      }
      resources.memory?.limit = -1
      resources.memory?.swap = nil
      try cgroup.apply(resources, settingDevices: false)
      #expect((cgroup.legacy("memory")?.number("memory.memsw.limit_in_bytes") ?? 0) > 1 << 40)
      resources.cpu?.shares = 1
      #expect { try cgroup.apply(resources, settingDevices: false) } throws: { "\($0)".contains("the minimum allowed cpu-shares is 2") }
    }
  }

  @Test(arguments: layouts) func devicesAreDenied(_ layout: CgroupLayout) throws {
    try withCgroup(layout, "devices") { cgroup, _ in
      var resources = Resources()
      resources.devices = [
        .init(allow: false, access: "rwm"), .init(allow: true, type: .character, major: 1, minor: 11, access: "r"),
      ]
      try cgroup.apply(resources)
      let procs = (cgroup.legacy("devices") ?? cgroup.unified)?.path.appending("cgroup.procs").string ?? ""
      // /dev/null is a default device, 1:11 is /dev/kmsg by the rule, 1:1 /dev/mem by no rule.
      for (node, minor, allowed) in [("null", 3, true), ("kmsg", 11, true), ("mem", 1, false)] {
        let path = FilePath("/tmp/tote-test-\(processID)-\(node)")
        let script = "echo $$ >\(procs) && mknod \(path) c 1 \(minor) && exec 3<\(path)"
        let status = try SpawnedCommand("/bin/sh", ["sh", "-c", script], error: .none).wait()
        try? removeFile(path)
        #expect((status == .exited(0)) == allowed, "\(node)")
      }
      // A second list takes the place of the first.
      resources.devices = [.init(allow: true)]
      try cgroup.apply(resources)
      if let unified = cgroup.unified, cgroup.legacy("devices") == nil {
        #expect(try BPF.devicePrograms(of: openFile(unified.path, .readOnly)).count == 1)
      }
    }
  }

  @Test func outOfMemoryIsTold() throws {
    let layout = try #require(Self.layouts.first)
    try withCgroup(layout, "oom") { cgroup, _ in
      try #require(cgroup.legacy("memory") != nil)
      var resources = Resources()
      resources.memory = Resources.Memory()
      resources.memory?.limit = 8 << 20
      resources.memory?.swap = 8 << 20
      try cgroup.apply(resources)
      var notification = try OOMNotification(cgroup)
      let procs = cgroup.legacy("memory")?.path.appending("cgroup.procs").string ?? ""
      let hungry = "echo $$ >\(procs) && exec head -c 64M /dev/zero | tail -c 64M >/dev/null"
      let child = try SpawnedCommand("/bin/sh", ["sh", "-c", hungry], error: .none)
      #expect(try notification.descriptor.isReadable(within: 10_000))
      #expect(try notification.next() == .oom)
      _ = try child.wait()
      #expect((cgroup.oomKills ?? 0) > 0)
    }
  }
}
