internal import Linux
internal import SystemPackage

/// The Linux capabilities by name (capabilities(7)), in the kernel's order of numbers.
package enum Capability {
  package static let all = [
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_DAC_READ_SEARCH", "CAP_FOWNER", "CAP_FSETID", "CAP_KILL", "CAP_SETGID", "CAP_SETUID",
    "CAP_SETPCAP", "CAP_LINUX_IMMUTABLE", "CAP_NET_BIND_SERVICE", "CAP_NET_BROADCAST", "CAP_NET_ADMIN", "CAP_NET_RAW",
    "CAP_IPC_LOCK", "CAP_IPC_OWNER", "CAP_SYS_MODULE", "CAP_SYS_RAWIO", "CAP_SYS_CHROOT", "CAP_SYS_PTRACE", "CAP_SYS_PACCT",
    "CAP_SYS_ADMIN", "CAP_SYS_BOOT", "CAP_SYS_NICE", "CAP_SYS_RESOURCE", "CAP_SYS_TIME", "CAP_SYS_TTY_CONFIG", "CAP_MKNOD",
    "CAP_LEASE", "CAP_AUDIT_WRITE", "CAP_AUDIT_CONTROL", "CAP_SETFCAP", "CAP_MAC_OVERRIDE", "CAP_MAC_ADMIN", "CAP_SYSLOG",
    "CAP_WAKE_ALARM", "CAP_BLOCK_SUSPEND", "CAP_AUDIT_READ", "CAP_PERFMON", "CAP_BPF", "CAP_CHECKPOINT_RESTORE",
  ]

  /// What docker leaves to a container's root.
  package static let defaults = [
    "CAP_CHOWN", "CAP_DAC_OVERRIDE", "CAP_FSETID", "CAP_FOWNER", "CAP_MKNOD", "CAP_NET_RAW", "CAP_SETGID", "CAP_SETUID",
    "CAP_SETFCAP", "CAP_SETPCAP", "CAP_NET_BIND_SERVICE", "CAP_SYS_CHROOT", "CAP_KILL", "CAP_AUDIT_WRITE",
  ]

  /// Those that this process may hand on: its bounding set (`CapBnd` of proc_pid_status(5)).
  package static func available() throws(BundleError) -> [String] {
    let status = try attempting("read our own capabilities") { () throws(SystemError) in try readFile(FilePath("/proc/self/status")) }
    let line = status.split(separator: 10).first { $0.starts(with: "CapBnd:".utf8) } ?? []
    guard let mask = UInt64(String(decoding: line.dropFirst(7), as: UTF8.self).trimmed(), radix: 16) else {
      throw .damaged(path: "/proc/self/status", reason: "no CapBnd line")
    }
    return all.enumerated().filter { mask & (1 << UInt64($0.offset)) != 0 }.map(\.element)
  }

  /// docker's rules for `--cap-add` and `--cap-drop`; `available` is what ALL stands for.
  package static func effective(
    add: [String], drop: [String], privileged: Bool, available: [String]
  ) throws(BundleError) -> [String] {
    if privileged { return available }
    let added = try normalized(add, available), dropped = try normalized(drop, available)
    if added.contains("ALL") { return available.filter { !dropped.contains($0) } }
    if dropped.contains("ALL") { return unique(added) }
    return unique(defaults.filter { available.contains($0) && !dropped.contains($0) } + added)
  }

  private static func normalized(_ names: [String], _ available: [String]) throws(BundleError) -> [String] {
    var capabilities: [String] = []
    for name in names {
      var capability = name.trimmed().uppercased()
      if capability != "ALL" {
        if !capability.hasPrefix("CAP_") { capability = "CAP_" + capability }
        guard all.contains(capability) else { throw .refused("invalid capability: unknown capability: \(goQuoted(capability))") }
        guard available.contains(capability) else {
          throw .refused(
            "capability not supported by your kernel or not available in the current environment: \(goQuoted(capability))")
        }
      }
      capabilities.append(capability)
    }
    return capabilities
  }
}

func unique<Element: Hashable>(_ elements: [Element]) -> [Element] {
  var seen: Set<Element> = []
  return elements.filter { seen.insert($0).inserted }
}
