internal import OCIRuntimeSpec
internal import SystemPackage

/// A mount of the container whose source is known: a host path, a volume's directory, or a tmpfs.
package struct PlannedMount: Hashable, Sendable {
  package var point: MountPoint
  package var nonRecursive = false
  package var readOnlyReach = MountRequest.ReadOnlyReach.recursive
  /// Only for a tmpfs.
  package var tmpfsOptions: [String] = []

  package init(_ point: MountPoint) { self.point = point }

  var propagation: String { point.propagation }
}

extension BundlePlan {
  /// docker's mounts, without those that the user has put something else in the place of, then the container's files, then the user's.
  func mountList() -> [Mount] {
    let own = mounts.sorted { depth($0.point.destination) < depth($1.point.destination) }
    let taken = Set(own.map(\.point.destination))
    var list = standardMounts.filter { mount in
      !taken.contains(mount.destination) && !(taken.contains("/dev") && mount.destination.hasPrefix("/dev/"))
    }
    if flags.readOnly {
      let writable: Set<String> = ["/proc", "/dev", "/dev/pts", "/dev/shm", "/dev/mqueue"]
      for index in list.indices where !writable.contains(list[index].destination) && list[index].options?.contains("ro") == false {
        list[index].options?.append("ro")
      }
    }
    list += nameMounts.filter { !taken.contains($0.destination) }
    list += own.map(mount)
    if flags.usesInit, flags.pidMode == .private, let program = initProgram {
      list.append(Mount(destination: BundlePlan.initPath, type: "bind", source: program.string, options: ["bind", "ro"]))
    }
    return list
  }

  private var standardMounts: [Mount] {
    var mounts = [
      Mount(destination: "/proc", type: "proc", source: "proc", options: ["nosuid", "noexec", "nodev"]),
      Mount(
        destination: "/dev", type: "tmpfs", source: "tmpfs", options: ["nosuid", "strictatime", "mode=755", "size=65536k"]),
      Mount(
        destination: "/dev/pts", type: "devpts", source: "devpts",
        options: ["nosuid", "noexec", "newinstance", "ptmxmode=0666", "mode=0620"] + (facts.hasTerminalGroup ? ["gid=5"] : [])),
      Mount(
        destination: "/sys", type: "sysfs", source: "sysfs",
        options: ["nosuid", "noexec", "nodev"] + (flags.privileged ? [] : ["ro"])),
      Mount(
        destination: "/sys/fs/cgroup", type: "cgroup", source: "cgroup",
        options: (flags.security.writableCgroups ?? flags.privileged ? [] : ["ro"]) + ["nosuid", "noexec", "nodev"]),
    ]
    if flags.ipcMode == .host {
      mounts.append(Mount(destination: "/dev/mqueue", type: "bind", source: "/dev/mqueue", options: ["rbind", "rprivate"]))
    } else {
      mounts.append(Mount(destination: "/dev/mqueue", type: "mqueue", source: "mqueue", options: ["nosuid", "noexec", "nodev"]))
    }
    if let shm = sharedMemoryMount { mounts.append(shm) }
    return mounts
  }

  private var sharedMemoryMount: Mount? {
    func bind(_ source: String) -> Mount {
      Mount(destination: "/dev/shm", type: "bind", source: source, options: ["rbind", "rprivate", "nosuid", "noexec", "nodev"])
    }
    switch flags.ipcMode {
    case .none: return nil
    case .host: return bind("/dev/shm")
    case .shareable: return bind(directory.appending("shm").string)
    case .container: return sharedMemory.map { bind($0.string) }
    case .private:
      return Mount(
        destination: "/dev/shm", type: "tmpfs", source: "shm",
        options: ["nosuid", "noexec", "nodev", "mode=1777", "size=\(flags.shmSize)"])
    }
  }

  private var nameMounts: [Mount] {
    let place = nameFiles ?? directory
    return ["resolv.conf", "hostname", "hosts"].map { name in
      Mount(
        destination: "/etc/\(name)", type: "bind", source: place.appending(name).string,
        options: ["rbind", flags.readOnly ? "ro" : "rw", "rprivate"])
    }
  }

  private func mount(_ planned: PlannedMount) -> Mount {
    let point = planned.point
    if point.type == "tmpfs" {
      return Mount(destination: point.destination, type: "tmpfs", source: "tmpfs", options: planned.tmpfsOptions)
    }
    var options = [planned.nonRecursive ? "bind" : "rbind"]
    if !point.readWrite {
      // mount_setattr(2) makes all that is mounted below read-only too; older kernels only the top.
      let whole = planned.readOnlyReach == .recursive && !planned.nonRecursive && !facts.kernel.lexicographicallyPrecedes([5, 12])
      options.append(whole ? "rro" : "ro")
    }
    options.append(point.propagation.isEmpty ? "rprivate" : point.propagation)
    return Mount(destination: point.destination, type: "bind", source: point.source, options: options)
  }
}

private func depth(_ path: String) -> Int { path.split(separator: "/").count }
