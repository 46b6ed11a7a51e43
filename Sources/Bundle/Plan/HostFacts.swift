internal import Linux
internal import OCIImageSpec
internal import SystemPackage

/// What a plan needs to know of the machine: gathered once, so that plans can be made for any.
package struct HostFacts: Sendable {
  /// What this process may hand on.
  package var capabilities: [String]
  /// Go's name of the architecture.
  package var architecture: String
  /// Major and minor version.
  package var kernel: [Int]
  /// `/sys/fs/cgroup` is cgroup v2 alone.
  package var unifiedCgroups: Bool
  package var hostname: String
  /// Of docker's default sysctls those that this kernel has.
  package var networkSysctls: [String: String]
  /// Whether there is a group 5, `tty` by convention: not with the one id that an ordinary user has without subordinate ones.
  package var hasTerminalGroup = true

  package init(
    capabilities: [String], architecture: String, kernel: [Int], unifiedCgroups: Bool, hostname: String,
    networkSysctls: [String: String]
  ) {
    self.capabilities = capabilities
    self.architecture = architecture
    self.kernel = kernel
    self.unifiedCgroups = unifiedCgroups
    self.hostname = hostname
    self.networkSysctls = networkSysctls
  }

  package static func gather() throws(BundleError) -> HostFacts {
    // A range must be of groups that the namespace has.
    let lastGroup = min(OwnUserNamespace.highestGroupID, UInt32(Int32.max))
    let wanted = ["net.ipv4.ping_group_range": "0 \(lastGroup)", "net.ipv4.ip_unprivileged_port_start": "0"]
    var facts = HostFacts(
      capabilities: try Capability.available(), architecture: Platform.host.architecture,
      kernel: text("/proc/sys/kernel/osrelease").split { !$0.isNumber }.prefix(2).compactMap { Int($0) },
      unifiedCgroups: (try? fileStatus("/sys/fs/cgroup/cgroup.controllers")) != nil,
      hostname: text("/proc/sys/kernel/hostname"),
      networkSysctls: wanted.filter { name, _ in
        (try? fileStatus(FilePath("/proc/sys/" + name.replacing(".", with: "/")))) != nil
      })
    facts.hasTerminalGroup = OwnUserNamespace.highestGroupID >= 5
    return facts
  }

  private static func text(_ path: FilePath) -> String {
    String(decoding: (try? readFile(path, limit: 4096)) ?? [], as: UTF8.self).trimmed()
  }
}
