internal import Linux
internal import OCIRuntimeSpec
internal import SystemPackage

extension MountStep {
  init(_ mount: Mount, _ property: String, bundle: FilePath, rootfs: FilePath) throws(RuntimeError) {
    let options = MountOptions(mount.options ?? [])
    if mount.destination.isEmpty { throw .property("\(property).destination", "is empty") }
    // A relative destination counts from the root (config.md#mounts, deprecated).
    var destination = FilePath("/").pushing(FilePath(mount.destination)).lexicallyNormalized()
    // As with runc a path of the host that leads into the root file system means the place there.
    if destination.removePrefix(rootfs.lexicallyNormalized()) { destination = FilePath("/").pushing(destination) }
    if destination == "/" { throw .property("\(property).destination", "'\(mount.destination)' is the root file system itself") }
    if destination.string.hasPrefix("/proc/"), !MountTarget.allowedBelowProc.contains(destination.string) {
      throw .message("\"\(destination)\" cannot be mounted because it is inside /proc")
    }
    let type = mount.type ?? ""
    let source: Source
    if options.bind != nil || type == "bind" || type == "rbind" {
      guard let path = mount.source, !path.isEmpty else { throw .property("\(property).source", "is missing") }
      source = .bind(bundle.pushing(FilePath(path)))
    } else if options.remount {
      source = .existing
    } else if type == "cgroup" || type == "cgroup2" {
      source = .cgroup
    } else {
      if type.isEmpty || type == "none" { throw .property("\(property).type", "is missing") }
      source = .fileSystem(type: type, source: mount.source ?? "")
    }
    self.init(property: property, destination: destination, source: source, options: options)
    uidMappings = mount.uidMappings ?? []
    gidMappings = mount.gidMappings ?? []
    try check(mount.options ?? [])
  }

  /// Combinations that mean nothing.
  private func check(_ texts: [String]) throws(RuntimeError) {
    if case .bind = source {
      if let datum = options.data.first(where: { !MountStep.ignoredOnBind.contains($0.key) }) {
        throw .property("\(property).options", "'\(datum.key)' is not an option of a bind mount")
      }
    } else {
      if options.idMap != nil || !uidMappings.isEmpty { throw .property("\(property).options", "only a bind mount can be id-mapped") }
    }
    if options.copyUp, case .fileSystem("tmpfs", _) = source { return }
    if options.copyUp { throw .property("\(property).options", "tmpcopyup is for tmpfs alone") }
  }

  /// Options of the file system that a bind mount shares with its source, which therefore nobody can set.
  private static let ignoredOnBind: Set<String> = [
    "async", "sync", "dirsync", "lazytime", "nolazytime", "mand", "nomand", "iversion", "noiversion", "silent", "acl", "noacl",
  ]

  /// Whether the whole tree of the source is bound.
  var isRecursiveBind: Bool { options.bind ?? false }
}
