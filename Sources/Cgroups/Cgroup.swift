internal import Linux
package import SystemPackage

/// One container's directories, one in each hierarchy. A plain value: it can be recorded and opened by another process.
package struct Cgroup: Sendable {
  /// The directory in one hierarchy.
  package struct Directory: Hashable, Sendable {
    package let version: CgroupVersion
    package let controllers: [String]
    package let path: FilePath
    /// Where the hierarchy is mounted; nil for a cgroup that was reopened, whose parents are not ours to touch.
    package let mount: FilePath?
  }

  package let directories: [Directory]

  /// Places the container's cgroup; nothing is made yet.
  ///
  /// An absolute `cgroupsPath` counts from each hierarchy's root, a relative one (or, with none, the id) from the cgroup of
  /// this process, as runc has it; with cgroup v2 alone from its parent, since a cgroup with processes in it cannot hand
  /// controllers to its children (config-linux.md#cgroups-path, cgroups(7) "no internal processes").
  package init(layout: CgroupLayout, cgroupsPath: String?, id: String) throws(CgroupError) {
    let asked = cgroupsPath.flatMap { $0.isEmpty ? nil : $0 } ?? id
    if asked.utf8.contains(0) { throw .property("linux.cgroupsPath", "contains a zero byte") }
    let inner = FilePath(asked)
    if inner.components.contains(where: { $0.kind == .parentDirectory }) {
      throw .property("linux.cgroupsPath", "'\(asked)' may not contain '..'")
    }
    if !inner.isAbsolute, asked.split(separator: ":", omittingEmptySubsequences: false).count == 3 {
      throw .property("linux.cgroupsPath", "'\(asked)' is in systemd's form (slice:prefix:name), which needs --systemd-cgroup")
    }
    let components = inner.components.filter { $0.kind == .regular }
    if components.isEmpty { throw .property("linux.cgroupsPath", "'\(asked)' names the root cgroup") }
    directories = layout.hierarchies.map { hierarchy in
      var path = hierarchy.mount
      if !inner.isAbsolute {
        let own = hierarchy.ownPath.removingRoot()
        path.push(layout.mode == .unified ? own.removingLastComponent() : own)
      }
      for component in components { path.append(component) }
      return Directory(
        version: hierarchy.version, controllers: hierarchy.controllers, path: path, mount: hierarchy.mount)
    }
  }

  /// Reopens what ``paths`` recorded.
  package init(paths: [String: String]) throws(CgroupError) {
    var byPath: [String: [String]] = [:]
    for (controller, path) in paths {
      let components = FilePath(path).components
      if !path.hasPrefix("/") || components.contains(where: { $0.kind != .regular }) || components.count < 2 {
        throw .property("cgroup_paths", "'\(path)' is not the path of a cgroup")
      }
      byPath[path, default: []].append(controller)
    }
    directories = byPath.sorted { $0.key < $1.key }.map { path, controllers in
      let v2 = controllers == [""]
      return Directory(
        version: v2 ? .v2 : .v1, controllers: v2 ? [] : controllers.sorted(), path: FilePath(path), mount: nil)
    }
  }

  /// Controller to directory, the empty name for version 2: what the state file records (runc's `cgroup_paths`).
  package var paths: [String: String] {
    var paths: [String: String] = [:]
    for directory in directories {
      for controller in directory.version == .v2 ? [""] : directory.controllers {
        paths[controller] = directory.path.string
      }
    }
    return paths
  }

  /// The version 2 directory, alone or beside version 1.
  package var unified: Directory? { directories.first { $0.version == .v2 } }

  /// The version 1 directory that has `controller`.
  package func legacy(_ controller: String) -> Directory? {
    directories.first { $0.version == .v1 && $0.controllers.contains(controller) }
  }

  /// Whether the directories exist: all of them are made and removed together.
  package var exists: Bool { directories.contains { (try? fileStatus($0.path)) != nil } }
}

extension Cgroup.Directory {
  /// Opens one of the directory's files. `name` is one component, whoever wrote it.
  func open(_ name: String, _ flags: OpenFlags) throws(SystemError) -> OwnedDescriptor {
    guard let component = FilePath.Component(name), component.kind == .regular else {
      throw SystemError("open", FilePath(name), .invalidArgument)
    }
    return try openFile(path.appending(component), flags.union(.noFollow))
  }

  /// Writes `value` in one write(2), which is what the kernel's parsers see.
  func write(_ value: String, to name: String) throws(SystemError) {
    let file = try open(name, .writeOnly)
    do { try file.writeAll(value) } catch {
      throw SystemError("write", "'\(value)' to '\(path.appending(name))'", error.errno)
    }
  }

  func read(_ name: String) throws(SystemError) -> String {
    let file = try open(name, .readOnly)
    do {
      var text = String(decoding: try file.readAll(), as: UTF8.self)
      while text.last?.isWhitespace == true { text.removeLast() }
      return text
    } catch { throw SystemError("read", path.appending(name), error.errno) }
  }
}
