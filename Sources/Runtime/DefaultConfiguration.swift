internal import JSON
internal import OCIRuntimeSpec

/// The configuration that `spec` writes: a shell in the directory `rootfs`, shut off as far as that makes sense for any program.
///
/// As with runc only a machine with cgroup version 2 alone gets a cgroup namespace: the mount that version 1 has shows the container
/// its own cgroups and no others without one.
package func defaultConfiguration(rootless: Bool, cgroupNamespace: Bool, userID: UInt32, groupID: UInt32) throws(RuntimeError) -> String {
  var process = Process(
    user: Process.User(), args: ["sh"], env: ["PATH=/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin", "TERM=xterm"], cwd: "/")
  process.terminal = true
  let capabilities = ["CAP_AUDIT_WRITE", "CAP_KILL", "CAP_NET_BIND_SERVICE"]
  process.capabilities = Process.Capabilities(bounding: capabilities, effective: capabilities, permitted: capabilities)
  process.rlimits = [Process.Rlimit(type: .nofile, hard: 1024, soft: 1024)]
  process.noNewPrivileges = true
  var configuration = RuntimeConfiguration(ociVersion: .current)
  configuration.process = process
  configuration.root = Root(path: "rootfs", readonly: true)
  configuration.hostname = "runc"
  configuration.mounts = defaultMounts(rootless: rootless)
  var linux = LinuxConfiguration()
  linux.maskedPaths = [
    "/proc/acpi", "/proc/asound", "/proc/kcore", "/proc/keys", "/proc/latency_stats", "/proc/timer_list", "/proc/timer_stats",
    "/proc/sched_debug",
    "/sys/firmware", "/proc/scsi",
  ]
  linux.readonlyPaths = ["/proc/bus", "/proc/fs", "/proc/irq", "/proc/sys", "/proc/sysrq-trigger"]
  var kinds: [Namespace.Kind] = [.pid, .network, .ipc, .uts, .mount] + (cgroupNamespace ? [.cgroup] : [])
  if rootless {
    kinds.removeAll { $0 == .network }
    kinds.append(.user)
    linux.uidMappings = [IDMapping(containerID: 0, hostID: userID, size: 1)]
    linux.gidMappings = [IDMapping(containerID: 0, hostID: groupID, size: 1)]
  } else {
    var resources = Resources()
    resources.devices = [Resources.DeviceRule(allow: false, access: "rwm")]
    linux.resources = resources
  }
  linux.namespaces = kinds.map { Namespace(type: $0) }
  configuration.linux = linux
  do { return String(decoding: try encodeJSON(configuration, pretty: true), as: UTF8.self) } catch { throw .message("\(error)") }
}

private func defaultMounts(rootless: Bool) -> [Mount] {
  let hardened = ["nosuid", "noexec", "nodev"]
  var mounts = [
    Mount(destination: "/proc", type: "proc", source: "proc"),
    Mount(destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "strictatime", "mode=755", "size=65536k"]),
    Mount(
      destination: "/dev/pts", type: "devpts", source: "devpts",
      options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"] + (rootless ? [] : ["gid=5"])),
    Mount(destination: "/dev/shm", type: "tmpfs", source: "shm", options: hardened + ["mode=1777", "size=65536k"]),
    Mount(destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: hardened),
  ]
  // Without a network namespace of its own a user namespace may not mount a sysfs: the host's is bound, with all below it read-only, or a
  // delegated cgroup could be written (CVE-2023-25809).
  mounts.append(
    rootless
      ? Mount(destination: "/sys", type: "none", source: "/sys", options: ["rbind"] + hardened + ["rro"])
      : Mount(destination: "/sys", type: "sysfs", source: "sysfs", options: hardened + ["ro"]))
  if !rootless {
    mounts.append(Mount(destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup", options: hardened + ["relatime", "ro"]))
  }
  return mounts
}
