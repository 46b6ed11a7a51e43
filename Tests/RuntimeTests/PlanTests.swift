import JSON
import Linux
import OCIRuntimeSpec
import SystemPackage
import Testing

@testable import Runtime

@Suite struct PlanTests {
  func plan(_ change: (inout JSONValue) -> Void = { _ in }) throws -> ContainerPlan {
    var document = try JSONValue(
      parsing: Array(try defaultConfiguration(rootless: false, cgroupNamespace: true, userID: 0, groupID: 0).utf8))
    change(&document)
    return try ContainerPlan(try decodeJSON(RuntimeConfiguration.self, from: document), bundle: "/bundle")
  }

  func failure(_ change: (inout JSONValue) -> Void) -> String {
    do {
      _ = try plan(change)
      return ""
    } catch { return "\(error)" }
  }

  @Test func theDefaultConfigurationIsUnderstood() throws {
    let plan = try plan()
    #expect(plan.rootfs == "/bundle/rootfs")
    #expect(plan.readOnlyRootfs)
    #expect(plan.namespaces.created == [.pid, .network, .ipc, .uts, .mount, .cgroup])
    #expect(plan.mounts.map(\.destination) == ["/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue", "/sys", "/sys/fs/cgroup"])
    #expect(plan.mounts[6].source == .cgroup)
    #expect(plan.devices.map(\.path) == ["/dev/null", "/dev/zero", "/dev/full", "/dev/random", "/dev/urandom", "/dev/tty"])
    #expect(plan.process?.capabilities?.bounding.members == [5, 10, 29])
    #expect(plan.process?.noNewPrivileges == true)
  }

  @Test func aNamespaceTwiceIsRefused() {
    let said = failure { $0["linux"]?["namespaces"] = [["type": "pid"], ["type": "pid"]] }
    #expect(said.contains("linux.namespaces[1]: malformed spec file: duplicated ns"))
  }

  @Test func aHostNameNeedsItsNamespace() {
    let said = failure { $0["linux"]?["namespaces"] = [["type": "mount"]] }
    #expect(said.contains("hostname"))
  }

  @Test func aUserNamespaceNeedsMappings() {
    let said = failure { $0["linux"]?["namespaces"] = [["type": "user"], ["type": "mount"], ["type": "uts"]] }
    #expect(said.hasPrefix("linux.uidMappings"))
  }

  @Test(arguments: ["/proc/self/attr", "/proc/sys", "/./proc/1", "proc/../proc/x"])
  func nothingIsMountedInsideProc(destination: String) {
    let mount: JSONValue = ["destination": .string(destination), "type": "tmpfs", "source": "tmpfs"]
    let said = failure { $0["mounts"] = [mount] }
    #expect(said.contains("cannot be mounted because it is inside /proc"))
  }

  @Test func theRootItselfIsNoMountPoint() {
    let said = failure { $0["mounts"] = [["destination": "/x/..", "type": "tmpfs"]] }
    #expect(said.hasPrefix("mounts[0].destination"))
  }

  @Test func aBindSourceCountsFromTheBundle() throws {
    let plan = try plan { $0["mounts"] = [["destination": "/data", "source": "data", "options": ["rbind"]]] }
    #expect(plan.mounts[0].source == .bind("/bundle/data"))
  }

  @Test func devicesOfTheConfigurationReplaceTheDefault() throws {
    let plan = try plan { $0["linux"]?["devices"] = [["path": "/dev/null", "type": "c", "major": 9, "minor": 9, "fileMode": 384]] }
    let null = plan.devices.filter { $0.path == "/dev/null" }
    #expect(null.count == 1)
    #expect(null.first?.major == 9)
    #expect(null.first?.permissions == 0o600)
  }

  @Test(arguments: [
    ("kernel.panic", "is not in a separate kernel namespace"), ("kernel.hostname", "conflicts with the OCI"),
    ("net/../kernel/panic", "not"),
  ])
  func sysctlsOfTheHostAreRefused(key: String, reason: String) {
    let said = failure {
      $0["linux"]?["sysctl"] = .object(
        {
          var o = JSONObject(); o[key] = "1"; return o
        }())
    }
    #expect(said.contains(reason))
  }

  @Test func unknownCapabilitiesAreAWarning() throws {
    let plan = try plan { $0["process"]?["capabilities"] = ["bounding": ["CAP_KILL", "CAP_NOSUCH"]] }
    #expect(plan.process?.capabilities?.bounding.members == [5])
    #expect(plan.process?.warnings == ["process.capabilities: ignoring unknown CAP_NOSUCH"])
  }

  @Test func theLastOfTwoVariablesCounts() throws {
    let plan = try plan { $0["process"]?["env"] = ["A=1", "B=2", "A=3"] }
    #expect(plan.process?.environment == ["A=3", "B=2"])
  }

  @Test(
    arguments: [("args", JSONValue.array([])), ("cwd", .string("tmp")), ("env", .array(["=x"])), ("oomScoreAdj", .integer(1001))]
      as [(String, JSONValue)])
  func aProcessThatCannotBeMeantIsRefused(member: String, value: JSONValue) {
    let said = failure { $0["process"]?[member] = value }
    #expect(said.hasPrefix("process.\(member)"))
  }

  @Test func rlimitsAreChecked() {
    let said = failure { $0["process"]?["rlimits"] = [["type": "RLIMIT_CPU", "soft": 2, "hard": 1]] }
    #expect(said.contains("above hard"))
    let twice: JSONValue = ["type": "RLIMIT_CPU", "soft": 1, "hard": 1]
    let saidTwice = failure { $0["process"]?["rlimits"] = [twice, twice] }
    #expect(saidTwice.contains("is there twice"))
  }

  @Test(
    arguments: [
      (["mode": "MPOL_X"], "linux.memoryPolicy.mode: invalid memory policy mode 'MPOL_X'"),
      (["mode": "MPOL_BIND", "nodes": "0", "flags": ["MPOL_F_X"]], "linux.memoryPolicy.flags[0]: invalid memory policy flag 'MPOL_F_X'"),
      (["mode": "MPOL_BIND", "nodes": "0-9876543210"], "linux.memoryPolicy.nodes: invalid memory policy nodes '0-9876543210'"),
      (["mode": "MPOL_BIND"], "linux.memoryPolicy.nodes: MPOL_BIND: mode requires at least 1 node but got 0"),
      (["nodes": "0"], "linux.memoryPolicy.mode: invalid memory policy mode ''"),
    ] as [(JSONValue, String)])
  func aMemoryPolicyThatCannotBeMeantIsRefused(_ policy: JSONValue, _ message: String) {
    #expect(failure { $0["linux"]?["memoryPolicy"] = policy } == message)
  }

  @Test func aMemoryPolicyIsTheKernelsNumbers() throws {
    let plan = try plan {
      $0["linux"]?["memoryPolicy"] = ["mode": "MPOL_PREFERRED_MANY", "nodes": "1,3-4", "flags": ["MPOL_F_STATIC_NODES"]]
    }
    #expect(plan.process?.memoryPolicy?.mode == 0x8005)
    #expect(plan.process?.memoryPolicy?.nodes == [0b1_1010, 0, 0, 0, 0, 0, 0, 0])
  }
}
