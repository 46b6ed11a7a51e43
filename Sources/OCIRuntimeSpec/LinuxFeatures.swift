/// What a runtime can do on Linux (features-linux.md). Names are strings, as another runtime may know more of them
/// than we do.
package struct LinuxFeatures: Hashable, Sendable, Codable {
  /// A feature that is there or is not.
  package struct Enabled: Hashable, Sendable, Codable {
    package var enabled: Bool?

    package init(enabled: Bool? = nil) {
      self.enabled = enabled
    }
  }

  /// Kinds of cgroups and their managers.
  package struct Cgroup: Hashable, Sendable, Codable {
    package var v1: Bool?
    package var v2: Bool?
    package var systemd: Bool?
    package var systemdUser: Bool?
    package var rdma: Bool?

    package init(v1: Bool? = nil, v2: Bool? = nil, systemd: Bool? = nil, systemdUser: Bool? = nil, rdma: Bool? = nil) {
      self.v1 = v1
      self.v2 = v2
      self.systemd = systemd
      self.systemdUser = systemdUser
      self.rdma = rdma
    }
  }

  /// What filters may say.
  package struct Seccomp: Hashable, Sendable, Codable {
    package var enabled: Bool?
    package var actions: [String]?
    package var operators: [String]?
    package var archs: [String]?
    package var knownFlags: [String]?
    /// Those of the known ones that this kernel has.
    package var supportedFlags: [String]?

    package init(
      enabled: Bool? = nil, actions: [String]? = nil, operators: [String]? = nil, archs: [String]? = nil,
      knownFlags: [String]? = nil, supportedFlags: [String]? = nil
    ) {
      self.enabled = enabled
      self.actions = actions
      self.operators = operators
      self.archs = archs
      self.knownFlags = knownFlags
      self.supportedFlags = supportedFlags
    }
  }

  /// Parts of `linux.intelRdt`.
  package struct IntelRdt: Hashable, Sendable, Codable {
    package var enabled: Bool?
    package var schemata: Bool?
    package var monitoring: Bool?

    package init(enabled: Bool? = nil, schemata: Bool? = nil, monitoring: Bool? = nil) {
      self.enabled = enabled
      self.schemata = schemata
      self.monitoring = monitoring
    }
  }

  /// What `linux.memoryPolicy` may say.
  package struct MemoryPolicy: Hashable, Sendable, Codable {
    package var modes: [String]?
    package var flags: [String]?

    package init(modes: [String]? = nil, flags: [String]? = nil) {
      self.modes = modes
      self.flags = flags
    }
  }

  /// Parts of `mounts` beyond mount(8).
  package struct MountExtensions: Hashable, Sendable, Codable {
    package var idmap: Enabled?

    package init(idmap: Enabled? = nil) {
      self.idmap = idmap
    }
  }

  package var namespaces: [String]?
  package var capabilities: [String]?
  package var cgroup: Cgroup?
  package var seccomp: Seccomp?
  package var apparmor: Enabled?
  package var selinux: Enabled?
  package var intelRdt: IntelRdt?
  package var memoryPolicy: MemoryPolicy?
  package var mountExtensions: MountExtensions?
  package var netDevices: Enabled?

  package init() {}
}
