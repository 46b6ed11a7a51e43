internal import OCIRuntimeSpec
internal import SystemPackage

extension BundlePlan {
  func linux(_ capabilities: [String]) throws(BundleError) -> LinuxConfiguration {
    var linux = LinuxConfiguration()
    linux.namespaces = namespaces
    linux.cgroupsPath = cgroupsPath
    linux.resources = resources
    linux.devices = devices.nodes.isEmpty ? nil : devices.nodes
    linux.sysctl = sysctls.isEmpty ? nil : sysctls
    linux.rootfsPropagation = rootfsPropagation
    if let seccomp, !(flags.privileged && flags.security.seccomp == .builtin) {
      linux.seccomp = try seccomp.configuration(
        architecture: facts.architecture, capabilities: Set(capabilities), kernel: facts.kernel)
    }
    if !flags.privileged, !flags.security.systemPathsUnconfined {
      linux.maskedPaths = maskedPaths
      linux.readonlyPaths = readonlyPaths
    }
    return linux
  }

  private var namespaces: [Namespace] {
    var namespaces = [Namespace(type: .mount)]
    if flags.networkMode != "host" { namespaces.append(Namespace(type: .network, path: joined[.network])) }
    if flags.utsMode != .host { namespaces.append(Namespace(type: .uts)) }
    if flags.pidMode != .host { namespaces.append(Namespace(type: .pid, path: joined[.pid])) }
    if flags.ipcMode != .host { namespaces.append(Namespace(type: .ipc, path: joined[.ipc])) }
    if cgroupMode == .private { namespaces.append(Namespace(type: .cgroup)) }
    return namespaces
  }

  /// docker's default: private where cgroup v2 is all there is.
  package var cgroupMode: NamespaceMode { flags.cgroupMode ?? (facts.unifiedCgroups && !flags.privileged ? .private : .host) }

  private var cgroupsPath: String {
    let parent = cleanPath(flags.resources.cgroupParent ?? "/tote")
    return (parent == "/" ? "" : parent) + "/" + id
  }

  /// docker lets every container open low ports and send pings, for it could by its capabilities anyway. Not in a network that it shares.
  private var sysctls: [String: String] {
    let own = flags.networkMode != "host" && joined[.network] == nil
    var sysctls = own ? facts.networkSysctls : [:]
    // What setdomainname(2) sets; the configuration's own property is younger than the version that it declares.
    if let domain = flags.domainname, flags.utsMode == .private { sysctls["kernel.domainname"] = domain }
    return sysctls.merging(flags.sysctls) { $1 }
  }

  /// A mount that is to spread beyond the container needs a root that lets it.
  private var rootfsPropagation: RootfsPropagation? {
    let wanted = Set(mounts.map(\.propagation))
    if wanted.contains("shared") || wanted.contains("rshared") { return .shared }
    if wanted.contains("slave") || wanted.contains("rslave") { return .rslave }
    return nil
  }
}

/// What tells of the host or drives its hardware (docker's list).
private let maskedPaths = [
  "/proc/acpi", "/proc/asound", "/proc/interrupts", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/sched_debug", "/proc/scsi",
  "/proc/timer_list", "/proc/timer_stats", "/sys/devices/virtual/powercap", "/sys/firmware",
]
private let readonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
