internal import Linux
internal import SystemPackage

extension Cgroup {
  /// Makes the directories. Whatever this call made is removed again when it fails half-way.
  ///
  /// A cgroup that exists already is taken as it is if nobody is in it and it is not frozen (runc's rule).
  package func create() throws(CgroupError) {
    if exists {
      let members = (try? processIDs()) ?? []
      if !members.isEmpty {
        throw .inUse("container's cgroup is not empty: \(members.count) process(es) found")
      }
      if (try? isFrozen()) == true { throw .inUse("container's cgroup unexpectedly frozen") }
    }
    var made: [FilePath] = []
    do throws(CgroupError) {
      for directory in directories { try createPatiently(directory, &made) }
    } catch {
      for path in made.reversed() { try? removeFile(path, directory: true) }
      throw error
    }
  }

  /// Whoever removes the last container below a common parent may remove that too, between two steps of ours: from the top again then.
  private func createPatiently(_ directory: Directory, _ made: inout [FilePath]) throws(CgroupError) {
    for _ in 0..<16 {
      do throws(CgroupError) { return try create(directory, &made) } catch  where error.systemError?.errno == .noSuchFileOrDirectory {
        continue
      }
    }
    try create(directory, &made)
  }

  private func create(_ directory: Directory, _ made: inout [FilePath]) throws(CgroupError) {
    guard let mount = directory.mount else { throw .property("linux.cgroupsPath", "a reopened cgroup cannot be made") }
    let existing = Directory(version: directory.version, controllers: directory.controllers, path: mount, mount: mount)
    var parent = existing
    var path = mount
    for component in directory.path.components.dropFirst(mount.components.count) {
      if directory.version == .v2 { enableControllers(below: parent) }
      path.append(component)
      let child = Directory(version: directory.version, controllers: directory.controllers, path: path, mount: mount)
      do {
        try attempting("linux.cgroupsPath") { () throws(SystemError) in
          try openFile(parent.path, [.path, .directory]).makeDirectory(FilePath(root: nil, [component]))
        }
        made.append(path)
      } catch  where error.systemError?.errno == .fileExists {}
      if directory.controllers.contains("cpuset") { try inheritCpuset(child, from: parent) }
      parent = child
    }
  }

  /// A new version 1 cpuset has no CPUs and no memory nodes, and no process can join it: take the parent's
  /// (cpuset(7), "cpuset.cpus"). Values that are there stay.
  private func inheritCpuset(_ child: Directory, from parent: Directory) throws(CgroupError) {
    for file in ["cpuset.cpus", "cpuset.mems"] {
      try attempting("linux.cgroupsPath") { () throws(SystemError) in
        if try child.read(file).isEmpty { try child.write(try parent.read(file), to: file) }
      }
    }
  }

  /// Hands every controller that `parent` has to its children. What cannot be handed down (a cgroup with processes, one not
  /// delegated to us) shows when a limit of that controller is asked for, and is reported there.
  private func enableControllers(below parent: Directory) {
    guard let available = try? parent.read("cgroup.controllers"), let enabled = try? parent.read("cgroup.subtree_control")
    else { return }
    let missing = Set(available.split(separator: " ")).subtracting(enabled.split(separator: " "))
    for controller in missing.sorted() { try? parent.write("+\(controller)", to: "cgroup.subtree_control") }
  }
}
