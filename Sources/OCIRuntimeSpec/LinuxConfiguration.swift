import JSON

/// What only Linux has (runtime-spec config-linux.md).
package struct LinuxConfiguration: Hashable, Sendable, Codable {
  package var uidMappings: [IDMapping]?
  package var gidMappings: [IDMapping]?
  /// By names with dots, as sysctl(8) writes them.
  package var sysctl: [String: String]?
  package var resources: Resources?
  /// Absolute: from the mount point of the cgroups; relative: the runtime's choice.
  package var cgroupsPath: String?
  /// A type that is not listed is the runtime's own namespace.
  package var namespaces: [Namespace]?
  package var devices: [Device]?
  /// By their names on the host.
  package var netDevices: [String: NetDevice]?
  package var seccomp: SeccompConfiguration?
  package var rootfsPropagation: RootfsPropagation?
  /// Absolute, in the container.
  package var maskedPaths: [String]?
  /// Absolute, in the container.
  package var readonlyPaths: [String]?
  /// SELinux.
  package var mountLabel: String?
  package var intelRdt: IntelRdt?
  package var memoryPolicy: MemoryPolicy?
  package var personality: Personality?
  /// By clock: `monotonic`, `boottime`.
  package var timeOffsets: [String: TimeOffset]?

  package init() {}

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    uidMappings = try members.optional("uidMappings")
    gidMappings = try members.optional("gidMappings")
    sysctl = try members.optional("sysctl")
    resources = try members.optional("resources")
    cgroupsPath = try members.optional("cgroupsPath")
    namespaces = try members.optional("namespaces")
    devices = try members.optional("devices")
    netDevices = try members.optional("netDevices")
    seccomp = try members.optional("seccomp")
    rootfsPropagation = try members.optional("rootfsPropagation")
    maskedPaths = try members.optional("maskedPaths")
    readonlyPaths = try members.optional("readonlyPaths")
    mountLabel = try members.optional("mountLabel")
    intelRdt = try members.optional("intelRdt")
    memoryPolicy = try members.optional("memoryPolicy")
    personality = try members.optional("personality")
    timeOffsets = try members.optional("timeOffsets")
  }
}
