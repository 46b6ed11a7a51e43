internal import Linux
internal import SystemPackage

/// What of the host's file systems the container gets, as detached clones: taken before the container's own view exists, so that no
/// path of the host is looked up in it.
struct MountSources {
  let rootfs: SharedDescriptor
  /// By the index of the bind mount in the plan.
  var binds: [Int: SharedDescriptor] = [:]
  /// User namespaces for what is to be id-mapped and is not among ``binds``: one cannot be made where init is by then.
  var idMaps: [Int: SharedDescriptor] = [:]

  init(_ plan: ContainerPlan) throws(RuntimeError) {
    rootfs = try attempting("root.path") { () throws(SystemError) in
      let status = try fileStatus(plan.rootfs)
      if status.kind != .directory { throw SystemError("open", plan.rootfs, .notDirectory) }
      return SharedDescriptor(try cloneMount(plan.rootfs, recursive: true))
    }
    for (index, step) in plan.mounts.enumerated() {
      // What lies in the root file system may be what an earlier mount puts there: init looks, in the container's own view.
      guard case .bind(let path) = step.source else { continue }
      let idMap = try step.idMap(plan)
      if plan.pathInside(path) != nil {
        idMaps[index] = idMap
        continue
      }
      let clone = try attempting("\(step.property).source") { () throws(SystemError) in
        try cloneMount(path, recursive: step.isRecursiveBind)
      }
      if let idMap { try step.mapIDs(of: clone, as: idMap) }
      binds[index] = SharedDescriptor(clone)
    }
  }
}

extension ContainerPlan {
  /// The same place as a path of the container, where a path of the host leads into its root file system.
  func pathInside(_ path: FilePath) -> FilePath? {
    var inner = path.lexicallyNormalized()
    return inner.removePrefix(rootfs.lexicallyNormalized()) && !inner.isEmpty ? inner : nil
  }
}

extension MountStep {
  /// The user namespace that an id-mapped mount (mount_setattr(2), "ID-mapped mounts") goes by: one with its own mappings, the one that
  /// the container joins, or one with those of the container's.
  fileprivate func idMap(_ plan: ContainerPlan) throws(RuntimeError) -> SharedDescriptor? {
    guard options.idMap != nil || !uidMappings.isEmpty else { return nil }
    let uids = uidMappings.isEmpty ? plan.namespaces.uidMappings : uidMappings
    let gids = gidMappings.isEmpty ? plan.namespaces.gidMappings : gidMappings
    if uids.isEmpty, let joined = plan.namespaces.joined.first(where: { $0.kind == .user }) {
      return try attempting("\(property).uidMappings") { () throws(SystemError) in SharedDescriptor(try openFile(joined.path, .readOnly)) }
    }
    if uids.isEmpty || gids.isEmpty {
      throw .property("\(property).uidMappings", "is missing, and there is no user namespace to take the mappings of")
    }
    return try attempting("\(property).uidMappings") { () throws(SystemError) in
      SharedDescriptor(try userNamespace(uidMappings: uids, gidMappings: gids))
    }
  }

  func mapIDs(of clone: borrowing OwnedDescriptor, as idMap: SharedDescriptor) throws(RuntimeError) {
    try attempting("\(property).uidMappings") { () throws(SystemError) in
      try clone.changeMount(
        set: .idMapped, userNamespace: idMap.descriptor.rawValue, recursive: options.idMap ?? false, object: object)
    }
  }
}
