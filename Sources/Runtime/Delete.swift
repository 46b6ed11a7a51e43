internal import Cgroups
internal import Linux
internal import OCIRuntimeSpec
internal import SystemPackage

extension Container {
  /// Removes what is left of a stopped container; with `force` kills it first. Poststop hooks run last and only warn.
  package func delete(force: Bool = false, warn: (String) -> Void) throws(RuntimeError) {
    let status = status
    if status != .stopped {
      guard force || status == .created else {
        throw .message("cannot delete container \(id) that is not stopped: \(status.rawValue)")
      }
      try killAndWait()
    }
    let hooks = (try? configuration()).flatMap { try? HookPlan($0, bundle: FilePath(record.bundle)) }
    if let cgroup = try cgroup() {
      if !hasOwnPIDNamespace { try? cgroup.kill() }
      do { try cgroup.remove() } catch { throw .message("unable to remove container's cgroup: \(error)") }
    }
    ResourceControl.remove(record.resctrlPaths ?? [])
    if let configuration = try? configuration() { HostMounts.detach(configuration, rootfs: FilePath(record.rootfs)) }
    try directory.remove()
    hooks?.runPoststop(id: id, warn: warn)
  }

  /// A frozen process cannot die: it is thawed when the signal is on its way.
  private func killAndWait() throws(RuntimeError) {
    guard let process = try openProcess() else { return }
    let cgroup = try cgroup()
    try? process.sendSignal(Signal.kill)
    if (try? cgroup?.isFrozen()) == true { try? cgroup?.thaw() }
    let ended = try attempting("container process") { () throws(SystemError) in try process.awaitEnd(milliseconds: 10_000) }
    if !ended { throw .message("container init still running") }
  }
}

extension StateRoot {
  /// Removes what a creation that was cut short left behind, in any state it may be in.
  package func deleteUnfinished(_ id: ContainerID) throws(RuntimeError) {
    let directory = try find(id)
    if let record = try directory.unfinished(), let cgroup = try Container(directory: directory, record: record).cgroup() {
      do throws(CgroupError) {
        try? cgroup.thaw()
        if cgroup.exists { try cgroup.kill() }
        try cgroup.remove()
      } catch { throw .message("unable to remove container's cgroup: \(error)") }
    } else if let record = try directory.planned(), let cgroup = try Container(directory: directory, record: record).cgroup() {
      // What has somebody in it is not what the creation made.
      cgroup.removeEmptyDirectories()
    }
    try directory.remove()
  }
}
