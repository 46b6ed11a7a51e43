import JSON

/// What a runtime can do on Linux (features-linux.md). Names are strings, as another runtime may know more of them
/// than we do.
package struct LinuxFeatures: Hashable, Sendable, Codable {
  /// A feature that is there or is not.
  package struct Enabled: Hashable, Sendable, Codable {
    package var enabled: Bool?

    package init(enabled: Bool? = nil) {
      self.enabled = enabled
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      enabled = try members.optional("enabled")
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

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      v1 = try members.optional("v1")
      v2 = try members.optional("v2")
      systemd = try members.optional("systemd")
      systemdUser = try members.optional("systemdUser")
      rdma = try members.optional("rdma")
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

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      enabled = try members.optional("enabled")
      actions = try members.optional("actions")
      operators = try members.optional("operators")
      archs = try members.optional("archs")
      knownFlags = try members.optional("knownFlags")
      supportedFlags = try members.optional("supportedFlags")
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

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      enabled = try members.optional("enabled")
      schemata = try members.optional("schemata")
      monitoring = try members.optional("monitoring")
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

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      modes = try members.optional("modes")
      flags = try members.optional("flags")
    }
  }

  /// Parts of `mounts` beyond mount(8).
  package struct MountExtensions: Hashable, Sendable, Codable {
    package var idmap: Enabled?

    package init(idmap: Enabled? = nil) {
      self.idmap = idmap
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      idmap = try members.optional("idmap")
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

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    namespaces = try members.optional("namespaces")
    capabilities = try members.optional("capabilities")
    cgroup = try members.optional("cgroup")
    seccomp = try members.optional("seccomp")
    apparmor = try members.optional("apparmor")
    selinux = try members.optional("selinux")
    intelRdt = try members.optional("intelRdt")
    memoryPolicy = try members.optional("memoryPolicy")
    mountExtensions = try members.optional("mountExtensions")
    netDevices = try members.optional("netDevices")
  }
}
