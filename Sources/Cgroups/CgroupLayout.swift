package import Linux
package import SystemPackage

/// The version of the kernel's interface that a hierarchy speaks (cgroups(7)).
package enum CgroupVersion: Int, Hashable, Sendable {
  case v1 = 1, v2
}

/// Which hierarchies are mounted below `/sys/fs/cgroup`, and where this process is in each.
///
/// Found from `/proc/self/cgroup` and the file system types of a few paths. The mount table is read only where a hierarchy is
/// mounted from below its root (a container without a cgroup namespace), since reading it costs milliseconds.
package struct CgroupLayout: Sendable {
  package enum Mode: String, Sendable { case legacy, hybrid, unified }

  package struct Hierarchy: Hashable, Sendable {
    package let version: CgroupVersion
    /// As `/proc/self/cgroup` spells them, `name=systemd` for a named one; empty for version 2.
    package let controllers: [String]
    package let mount: FilePath
    /// This process's cgroup, from the mount's own root: absolute.
    package let ownPath: FilePath
  }

  package let hierarchies: [Hierarchy]

  package init(hierarchies: [Hierarchy]) { self.hierarchies = hierarchies }

  package var mode: Mode {
    let versions = Set(hierarchies.map(\.version))
    return versions.contains(.v2) ? (versions.contains(.v1) ? .hybrid : .unified) : .legacy
  }

  package static let root = FilePath("/sys/fs/cgroup")

  /// The layout that this process sees.
  package static func detect() throws(CgroupError) -> CgroupLayout {
    let table = try attempting("cgroups") { () throws(SystemError) in try readFile("/proc/self/cgroup") }
    let layout = CgroupLayout(table: String(decoding: table, as: UTF8.self), root: root) { path in
      try? fileSystemMagic(path)
    }
    if layout.hierarchies.isEmpty {
      throw .property("linux.cgroupsPath", "no cgroup hierarchy is mounted below '\(root)'")
    }
    return try layout.relativeToMounts()
  }

  /// `table` is the text of `/proc/self/cgroup`; `magic` tells a mounted file system's type.
  package init(table: String, root: FilePath, magic: (FilePath) -> FileSystemMagic?) {
    let unified: FilePath? =
      magic(root) == .cgroup2
      ? root : magic(root.appending("unified")) == .cgroup2 ? root.appending("unified") : nil
    var found: [Hierarchy] = []
    for line in table.split(separator: "\n") {
      let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
      guard fields.count == 3 else { continue }
      // Outside the cgroup namespace the kernel shows a path that climbs: nothing of it is visible here.
      let own = fields[2].hasPrefix("/..") ? FilePath("/") : FilePath(String(fields[2]))
      if fields[1].isEmpty {
        if let unified { found.append(Hierarchy(version: .v2, controllers: [], mount: unified, ownPath: own)) }
        continue
      }
      let controllers = fields[1].split(separator: ",").map(String.init)
      let names = [String(fields[1])] + controllers
      let candidates = names.map { root.appending($0.hasPrefix("name=") ? String($0.dropFirst(5)) : $0) }
      if let mount = candidates.first(where: { magic($0) == .cgroup }) {
        found.append(Hierarchy(version: .v1, controllers: controllers, mount: mount, ownPath: own))
      }
    }
    hierarchies = found
  }

  /// The same with each own path as seen below its mount, where that shows only a part of the hierarchy.
  private func relativeToMounts() throws(CgroupError) -> CgroupLayout {
    let hidden = hierarchies.contains { (try? fileStatus($0.mount.pushing($0.ownPath.removingRoot()))) == nil }
    if !hidden { return self }
    let table = try attempting("cgroups") { () throws(SystemError) in try readFile("/proc/self/mountinfo") }
    let roots = mountRoots(String(decoding: table, as: UTF8.self))
    return CgroupLayout(
      hierarchies: hierarchies.map { hierarchy in
        guard let root = roots[hierarchy.mount] else { return hierarchy }
        var own = hierarchy.ownPath
        own = own.removePrefix(root) ? FilePath("/").pushing(own) : FilePath("/")
        return Hierarchy(
          version: hierarchy.version, controllers: hierarchy.controllers, mount: hierarchy.mount, ownPath: own)
      })
  }
}

/// The root (field 4) of what is mounted on each mount point (field 5) of proc_pid_mountinfo(5).
func mountRoots(_ table: String) -> [FilePath: FilePath] {
  var roots: [FilePath: FilePath] = [:]
  for line in table.split(separator: "\n") {
    let fields = line.split(separator: " ", maxSplits: 5)
    if fields.count == 6 { roots[FilePath(String(fields[4]))] = FilePath(String(fields[3])) }
  }
  return roots
}
