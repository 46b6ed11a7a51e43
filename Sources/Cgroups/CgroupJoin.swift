package import Linux
internal import SystemPackage

extension Cgroup {
  /// Moves the calling process, which must have one thread, into every version 1 directory, and into the version 2 one too
  /// unless it was born there (``cloneTarget()``).
  ///
  /// Writing `0` to `tasks` moves only the calling thread and skips the lock over all of the system's process starts that a
  /// pid in `cgroup.procs` takes: 0.7 ms for nine hierarchies instead of 6–17 ms on an idle machine.
  package func joinSelf(unified joiningUnified: Bool = true) throws(CgroupError) {
    for directory in directories where directory.version == .v1 {
      try attempting("cgroup '\(directory.path)'") { () throws(SystemError) in try directory.write("0", to: "tasks") }
    }
    if joiningUnified, let unified { try join(unified, "0", leader: nil) }
  }

  /// As ``joinSelf(unified:)`` for a process that enters a running container whose first process is `leader`: where the
  /// container has moved that into a cgroup below its own, so that its own may hold no processes any more (EBUSY with
  /// version 2), joins it there.
  package func joinSelf(leader: Int32) throws(CgroupError) {
    try joinSelf(unified: false)
    if let unified { try join(unified, "0", leader: leader) }
  }

  /// As ``joinSelf(leader:)``, but exactly where `sub` says, and nowhere else where that is refused.
  package func joinSelf(_ sub: SubCgroups) throws(CgroupError) {
    if let unknown = sub.unknown(in: directories) { throw .inUse("unknown controller \(unknown)") }
    for directory in directories {
      let place = sub.directory(below: directory)
      try attempting("adding pid to cgroups: cgroup '\(place.path)'") { () throws(SystemError) in
        try place.write("0", to: place.version == .v1 ? "tasks" : "cgroup.procs")
      }
    }
  }

  /// Moves another process, all its threads, into every directory.
  package func add(process pid: Int32) throws(CgroupError) {
    for directory in directories where directory.version == .v1 {
      try attempting("cgroup '\(directory.path)'") { () throws(SystemError) in
        try directory.write(String(pid), to: "cgroup.procs")
      }
    }
    if let unified { try join(unified, String(pid), leader: nil) }
  }

  /// The version 2 directory, to be handed to clone3(2) with `CLONE_INTO_CGROUP`: the child is then born in it, which costs
  /// 0.2 ms where a later move costs 12. nil where there is no version 2. The version 1 directories must still be joined.
  package func cloneTarget() throws(CgroupError) -> OwnedDescriptor? {
    guard let unified else { return nil }
    return try attempting("cgroup '\(unified.path)'") { () throws(SystemError) in
      try openFile(unified.path, [.readOnly, .directory])
    }
  }

  private func join(_ unified: Directory, _ pid: String, leader: Int32?) throws(CgroupError) {
    do { try unified.write(pid, to: "cgroup.procs") } catch {
      guard error.errno == .resourceBusy || error.errno == .notSupportedOnSocket || error.errno == .notSupported, let leader
      else { throw .system("cgroup '\(unified.path)'", error) }
      let current = try directory(of: leader, in: unified)
      try attempting("cgroup '\(current.path)'") { () throws(SystemError) in try current.write(pid, to: "cgroup.procs") }
    }
  }

  /// Where process `leader` is now, which must be at or below `unified`.
  private func directory(of leader: Int32, in unified: Directory) throws(CgroupError) -> Directory {
    let table = try attempting("cgroup of process \(leader)") { () throws(SystemError) in
      String(decoding: try readFile(FilePath("/proc/\(leader)/cgroup")), as: UTF8.self)
    }
    let line = table.split(separator: "\n").first { $0.hasPrefix("0::/") }
    let own = FilePath(line.map { String($0.dropFirst(4)) } ?? "")
    // The path counts from this process's own view of the hierarchy; find the part that leads down from our directory.
    var components = Array(own.components)
    if components.contains(where: { $0.kind != .regular }) { components = [] }
    guard let base = unified.path.lastComponent, let index = components.firstIndex(of: base) else {
      throw .inUse("cgroup '\(unified.path)' takes no processes and process \(leader) is not below it")
    }
    let path = unified.path.appending(components[(index + 1)...])
    return Directory(version: .v2, controllers: [], path: path, mount: nil)
  }
}
