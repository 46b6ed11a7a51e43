import CommandSupport
import OCIImageSpec
import OCIRuntimeSpec
import SystemPackage
import Testing

@testable import Bundle

@Suite struct BundlePlanTests {
  private func plan(_ arguments: [String], image: ImageConfiguration.Config = ImageConfiguration.Config()) throws -> BundlePlan {
    let parsed = try parsedFlags(arguments)
    let user = try ProcessUser(resolving: parsed.user ?? "", groupAdd: [], [], [])
    let facts = HostFacts(
      capabilities: Capability.all, architecture: "amd64", kernel: [6, 1], unifiedCgroups: false, hostname: "machine",
      networkSysctls: ["net.ipv4.ping_group_range": "0 1"])
    return BundlePlan(
      id: String(repeating: "ab", count: 32), directory: "/b", image: image, flags: parsed,
      command: try Command(entrypoint: [], command: ["sh"], flag: nil, operands: []), user: user, facts: facts)
  }

  private func configuration(_ arguments: String...) throws -> RuntimeConfiguration { try plan(arguments).configuration() }

  @Test func defaults() throws {
    let configuration = try configuration()
    let linux = try #require(configuration.linux), process = try #require(configuration.process)
    #expect(configuration.hostname == "abababababab" && configuration.root == Root(path: "rootfs", readonly: false))
    #expect(linux.cgroupsPath == "/tote/" + String(repeating: "ab", count: 32))
    #expect(linux.namespaces?.map(\.type) == [.mount, .network, .uts, .pid, .ipc])
    #expect(linux.maskedPaths?.contains("/proc/kcore") == true && linux.readonlyPaths?.contains("/proc/sys") == true)
    #expect(process.capabilities?.effective == Capability.defaults && process.capabilities?.inheritable == nil)
    #expect(process.cwd == "/" && process.args == ["sh"])
    #expect(linux.resources?.devices?.first == Resources.DeviceRule(allow: false, access: "rwm"))
    #expect(
      configuration.mounts?.map(\.destination) == [
        "/proc", "/dev", "/dev/pts", "/sys", "/sys/fs/cgroup", "/dev/mqueue", "/dev/shm", "/etc/resolv.conf", "/etc/hostname", "/etc/hosts",
      ])
    #expect(linux.sysctl == ["net.ipv4.ping_group_range": "0 1"])
  }

  @Test func privileged() throws {
    let configuration = try configuration("--privileged")
    let linux = try #require(configuration.linux)
    #expect(linux.maskedPaths == nil && linux.readonlyPaths == nil && linux.seccomp == nil)
    #expect(linux.resources?.devices == [Resources.DeviceRule(allow: true, access: "rwm")])
    #expect(configuration.process?.capabilities?.bounding == Capability.all)
    for mount in configuration.mounts ?? [] where mount.destination.hasPrefix("/sys") { #expect(mount.options?.contains("ro") == false) }
  }

  @Test func readOnlyRootLeavesOnlyTheRuntimesOwn() throws {
    let configuration = try configuration("--read-only")
    #expect(configuration.root?.readonly == true)
    let writable = (configuration.mounts ?? []).filter { $0.options?.contains("ro") == false }.map(\.destination)
    #expect(writable == ["/proc", "/dev", "/dev/pts", "/dev/mqueue", "/dev/shm"])
  }

  @Test func namespacesOfTheHost() throws {
    let configuration = try configuration("--pid=host", "--ipc=host", "--uts=host", "--network=host", "--cgroupns=private")
    #expect(configuration.linux?.namespaces?.map(\.type) == [.mount, .cgroup])
    #expect(configuration.hostname == nil && configuration.linux?.sysctl == nil)
    #expect(configuration.process?.env?.contains("HOSTNAME=machine") == true)
    #expect(configuration.mounts?.first { $0.destination == "/dev/shm" }?.type == "bind")
  }

  @Test func limits() throws {
    let configuration = try configuration(
      "-m", "100m", "--cpus", "1.5", "--pids-limit", "-1", "--ulimit", "nofile=1:-1", "--memory-reservation", "50m", "--cpuset-cpus", "0-1",
      "--blkio-weight", "300", "--shm-size", "1m", "--oom-score-adj", "10")
    let resources = try #require(configuration.linux?.resources)
    #expect(resources.memory?.limit == 100 << 20 && resources.memory?.swap == 200 << 20 && resources.memory?.reservation == 50 << 20)
    #expect(resources.cpu?.period == 100_000 && resources.cpu?.quota == 150_000 && resources.cpu?.cpus == "0-1")
    #expect(resources.pids?.limit == -1 && resources.blockIO?.weight == 300)
    #expect(configuration.process?.rlimits == [Process.Rlimit(type: .nofile, hard: .max, soft: 1)])
    #expect(configuration.process?.oomScoreAdj == 10)
    #expect(configuration.mounts?.first { $0.destination == "/dev/shm" }?.options?.contains("size=1048576") == true)
  }

  @Test func usersOtherThanRootHaveNoEffectiveCapabilities() throws {
    let process = try #require(try configuration("-u", "5:6").process)
    #expect(process.capabilities?.bounding == Capability.defaults && process.capabilities?.effective == nil)
    #expect(process.user == Process.User(uid: 5, gid: 6, additionalGids: [6]))
  }

  @Test func userMountsTakeThePlaceOfDockers() throws {
    var plan = try plan(["--init"])
    plan.mounts = [
      PlannedMount(MountPoint(type: "bind", source: "/x", destination: "/a/b/c", mode: "", readWrite: false, propagation: "rshared")),
      PlannedMount(MountPoint(type: "bind", source: "/dev", destination: "/dev", mode: "", readWrite: true, propagation: "")),
    ]
    plan.initProgram = "/usr/bin/docker-init"
    let configuration = try plan.configuration()
    #expect(
      configuration.mounts?.map(\.destination) == [
        "/proc", "/sys", "/sys/fs/cgroup", "/etc/resolv.conf", "/etc/hostname", "/etc/hosts", "/dev", "/a/b/c", "/sbin/docker-init",
      ])
    #expect(configuration.mounts?.first { $0.source == "/x" }?.options == ["rbind", "rro", "rshared"])
    #expect(configuration.linux?.rootfsPropagation == .shared)
    #expect(configuration.process?.args == ["/sbin/docker-init", "--", "sh"])
  }

  @Test func hooks() throws {
    var image = ImageConfiguration.Config()
    image.exposedPorts = ["80/tcp"]
    let places = try Places(root: "/r", run: "/rr")
    func arguments(_ flags: [String]) throws -> [[String]] {
      let hooks = try plan(flags, image: image).networkHooks(name: "box", netctl: "/n", portmap: "/p", places: places)
      return hooks?.createRuntime?.compactMap(\.args) ?? []
    }
    let attach = [
      "netctl", "attach", "--root", "/r", "--run-root", "/rr", "--network", "bridge", "--hostname", "abababababab", "--hosts", "/b/hosts",
      "-",
    ]
    #expect(try arguments([]) == [attach])
    #expect(try arguments(["-P"]) == [attach, ["portmap", "attach", "--run-root", "/rr", "-P", "--expose", "80/tcp", "-"]])
    #expect(try arguments(["-p", "80", "--service", "web"])[1].contains("--service"))
    #expect(try arguments(["--network", "none"]).isEmpty)
    #expect(try arguments(["--network", "host", "-p", "80"]).isEmpty)
    // Its name leads to it on networks that somebody made, and only there.
    #expect(try arguments(["--network", "mine"])[0].contains("box"))
    #expect(try !arguments(["--network", "bridge"])[0].contains("box"))
  }
}

private func parsedFlags(_ arguments: [String]) throws -> ContainerFlags {
  let parsed = try OptionTable(ContainerOptionTable.options, order: .beforeOperands).parse(arguments)
  return try ContainerFlags(parsed, workingDirectory: "/work")
}
