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
}
