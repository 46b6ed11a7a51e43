internal import Linux
internal import SystemPackage

/// What of the host's file systems the container gets, as detached clones: taken before the container's own view exists, so that no
/// path of the host is looked up in it.
struct MountSources {
  let rootfs: SharedDescriptor
  /// By the index of the bind mount in the plan.
  var binds: [Int: SharedDescriptor] = [:]

  init(_ plan: ContainerPlan) throws(RuntimeError) {
    rootfs = try attempting("root.path") { () throws(SystemError) in
      let status = try fileStatus(plan.rootfs)
      if status.kind != .directory { throw SystemError("open", plan.rootfs, .notDirectory) }
      return SharedDescriptor(try cloneMount(plan.rootfs, recursive: true))
    }
    for (index, step) in plan.mounts.enumerated() {
      guard case .bind(let path) = step.source else { continue }
      let clone = try attempting("\(step.property).source") { () throws(SystemError) in
        try cloneMount(path, recursive: step.isRecursiveBind)
      }
      try step.mapIDs(of: clone, plan)
      binds[index] = SharedDescriptor(clone)
    }
  }
}

extension MountStep {
  /// An id-mapped mount (mount_setattr(2), "ID-mapped mounts"): by its own mappings or by those of the container's user namespace.
  fileprivate func mapIDs(of clone: borrowing OwnedDescriptor, _ plan: ContainerPlan) throws(RuntimeError) {
    guard options.idMap != nil || !uidMappings.isEmpty else { return }
    let uids = uidMappings.isEmpty ? plan.namespaces.uidMappings : uidMappings
    let gids = gidMappings.isEmpty ? plan.namespaces.gidMappings : gidMappings
    if uids.isEmpty || gids.isEmpty {
      throw .property("\(property).uidMappings", "is missing, and there is no user namespace to take the mappings of")
    }
    try attempting("\(property).uidMappings") { () throws(SystemError) in
      let namespace = try userNamespace(uidMappings: uids, gidMappings: gids)
      try clone.changeMount(set: .idMapped, userNamespace: namespace.rawValue, recursive: options.idMap ?? false, object: object)
    }
  }
}
