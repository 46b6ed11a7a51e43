import Linux
import SystemPackage
import Testing

@testable import Cgroups

@Suite struct CgroupLayoutTests {
  static let root = FilePath("/sys/fs/cgroup")

  static func layout(_ table: String, _ mounts: [String: FileSystemMagic]) -> CgroupLayout {
    CgroupLayout(table: table, root: root) { mounts[$0.string] }
  }

  static let hybrid = layout(
    """
    4:cpu,cpuacct:/a/b
    3:memory:/
    1:name=systemd:/s
    0::/u
    """,
    [
      "/sys/fs/cgroup": .tmpfs, "/sys/fs/cgroup/cpu,cpuacct": .cgroup, "/sys/fs/cgroup/memory": .cgroup,
      "/sys/fs/cgroup/systemd": .cgroup, "/sys/fs/cgroup/unified": .cgroup2,
    ])
  static let unified = layout("0::/user.slice/session\n", ["/sys/fs/cgroup": .cgroup2])

  @Test func hybridHasBothVersions() {
    #expect(Self.hybrid.mode == .hybrid)
    #expect(
      Self.hybrid.hierarchies.map(\.mount.string) == [
        "/sys/fs/cgroup/cpu,cpuacct", "/sys/fs/cgroup/memory", "/sys/fs/cgroup/systemd", "/sys/fs/cgroup/unified",
      ])
    #expect(Self.hybrid.hierarchies[0].controllers == ["cpu", "cpuacct"])
  }

  @Test func hierarchyThatIsNotMountedIsNotThere() {
    let layout = Self.layout("3:memory:/\n2:pids:/\n", ["/sys/fs/cgroup/pids": .cgroup])
    #expect(layout.mode == .legacy)
    #expect(layout.hierarchies.map(\.controllers) == [["pids"]])
  }

  @Test func coMountedUnderOneName() {
    let layout = Self.layout("3:cpu,cpuacct:/\n", ["/sys/fs/cgroup/cpuacct": .cgroup])
    #expect(layout.hierarchies.map(\.mount) == ["/sys/fs/cgroup/cpuacct"])
  }

  @Test func unifiedOnly() { #expect(Self.unified.mode == .unified) }

  @Test func pathOutsideTheNamespaceIsTheRoot() {
    #expect(Self.layout("0::/../other\n", ["/sys/fs/cgroup": .cgroup2]).hierarchies[0].ownPath == "/")
  }

  @Test func mountRootsAreField4() {
    let line = "31 30 0:27 /docker/abc /sys/fs/cgroup/memory rw,nosuid - cgroup cgroup rw,memory"
    #expect(mountRoots(line) == ["/sys/fs/cgroup/memory": "/docker/abc"])
  }

  @Test func absolutePathCountsFromTheRoot() throws {
    let cgroup = try Cgroup(layout: Self.hybrid, cgroupsPath: "/pod/web", id: "x")
    #expect(
      cgroup.paths == [
        "cpu": "/sys/fs/cgroup/cpu,cpuacct/pod/web", "cpuacct": "/sys/fs/cgroup/cpu,cpuacct/pod/web",
        "memory": "/sys/fs/cgroup/memory/pod/web", "name=systemd": "/sys/fs/cgroup/systemd/pod/web",
        "": "/sys/fs/cgroup/unified/pod/web",
      ])
  }

  @Test func relativePathCountsFromThisProcess() throws {
    let cgroup = try Cgroup(layout: Self.hybrid, cgroupsPath: nil, id: "web")
    #expect(cgroup.paths["cpu"] == "/sys/fs/cgroup/cpu,cpuacct/a/b/web")
    #expect(cgroup.paths[""] == "/sys/fs/cgroup/unified/u/web")
  }

  @Test func relativePathOfVersion2CountsFromTheParent() throws {
    let cgroup = try Cgroup(layout: Self.unified, cgroupsPath: "pod/web", id: "x")
    #expect(cgroup.paths == ["": "/sys/fs/cgroup/user.slice/pod/web"])
  }

  @Test(arguments: ["../x", "/a/../../b", "/", ".", "system.slice:runc:web"])
  func refused(_ path: String) {
    #expect(throws: CgroupError.self) { try Cgroup(layout: Self.hybrid, cgroupsPath: path, id: "x") }
  }

  @Test func zeroByteIsRefused() {
    #expect(throws: CgroupError.self) { try Cgroup(layout: Self.hybrid, cgroupsPath: "a\0b", id: "x") }
  }

  @Test func recordedPathsOpenAgain() throws {
    let cgroup = try Cgroup(layout: Self.hybrid, cgroupsPath: "/pod/web", id: "x")
    let again = try Cgroup(paths: cgroup.paths)
    #expect(again.paths == cgroup.paths)
    #expect(again.unified?.path == "/sys/fs/cgroup/unified/pod/web")
    #expect(again.legacy("cpuacct")?.controllers == ["cpu", "cpuacct"])
  }

  @Test(arguments: ["relative", "/", "/sys/../etc"])
  func recordedNonsenseIsRefused(_ path: String) {
    #expect(throws: CgroupError.self) { try Cgroup(paths: ["memory": path]) }
  }
}
