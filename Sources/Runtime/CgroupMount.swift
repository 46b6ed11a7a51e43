internal import Cgroups
internal import Linux
internal import SystemPackage

/// The container's own directory in one hierarchy, as a detached mount for its /sys/fs/cgroup.
struct CgroupMount {
  /// The directory's name below /sys/fs/cgroup; nil for a machine with version 2 alone, where it is /sys/fs/cgroup itself.
  let name: String?
  /// Controllers that share the hierarchy and so get symbolic links to it.
  let links: [String]
  let isUnified: Bool
  let mount: SharedDescriptor

  /// One for each hierarchy of `cgroup`, which exists.
  static func all(of cgroup: Cgroup) throws(SystemError) -> [CgroupMount] {
    let isUnifiedAlone = cgroup.directories.allSatisfy { $0.version == .v2 }
    var mounts: [CgroupMount] = []
    for directory in cgroup.directories {
      guard let name = directory.mount?.lastComponent?.string else { continue }
      let clone = SharedDescriptor(try cloneMount(directory.path, recursive: false))
      mounts.append(
        CgroupMount(
          name: isUnifiedAlone ? nil : name, links: directory.controllers.filter { $0 != name && !$0.hasPrefix("name=") },
          isUnified: directory.version == .v2, mount: clone))
    }
    return mounts
  }
}

extension ContainerInit {
  /// Shows the container its own cgroups and no others, whether or not it has a cgroup namespace.
  func applyCgroup(_ step: MountStep, in root: borrowing RootDirectory) throws(RuntimeError) {
    let target = try MountTarget(step.destination, in: root, directory: true)
    try attempting(step.property) { () throws(SystemError) in
      if let alone = cgroupMounts.first(where: { $0.name == nil }) {
        try step.changeAttributes(of: alone.mount.descriptor)
        return try alone.mount.descriptor.attachMount(on: target.descriptor, object: step.object)
      }
      let context = try FileSystemContext("tmpfs")
      try context.set("mode", "755")
      let directory = try context.mount([.noExecute, .noSetuid, .noDevices])
      try directory.attachMount(on: target.descriptor, object: step.object)
      for hierarchy in cgroupMounts {
        guard let name = hierarchy.name else { continue }
        try directory.makeDirectory(FilePath(name))
        let place = try directory.open(FilePath(name), [.path, .directory, .noFollow])
        try step.changeAttributes(of: hierarchy.mount.descriptor)
        try hierarchy.mount.descriptor.attachMount(on: place, object: step.object)
        for link in hierarchy.links { try directory.makeSymbolicLink(FilePath(link), to: Array(name.utf8)) }
      }
      try step.changeAttributes(of: directory)
    }
  }
}
