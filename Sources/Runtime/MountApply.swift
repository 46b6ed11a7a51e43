internal import Linux
internal import SystemPackage

extension ContainerInit {
  /// Makes one mount of the configuration.
  func apply(
    _ step: MountStep, source: SharedDescriptor?, idMap: SharedDescriptor?, in root: borrowing RootDirectory
  ) throws(RuntimeError) {
    switch step.source {
    case .bind:
      if let source { try applyBind(step, source, in: root) } else { try applyBind(step, openInside(step, idMap, in: root), in: root) }
    case .fileSystem(let type, let source): try applyFileSystem(step, type, source, in: root)
    case .cgroup: try applyCgroup(step, in: root)
    case .existing: try applyRemount(step, in: root)
    }
  }

  private func applyBind(_ step: MountStep, _ shared: SharedDescriptor, in root: borrowing RootDirectory) throws(RuntimeError) {
    let isDirectory = try attempting(step.property) { () throws(SystemError) in try shared.descriptor.status().kind == .directory }
    let clean = step.destination.lexicallyNormalized()
    if clean == "/proc" {
      let magic = try attempting(step.property) { () throws(SystemError) in try shared.descriptor.fileSystemStatus().magic }
      if magic != FileSystemStatus.procMagic { throw .message("\"/proc\" cannot be mounted because it is not of type proc") }
    }
    let target = try MountTarget(step.destination, in: root, directory: isDirectory)
    try attempting(step.property) { () throws(SystemError) in
      if !isShared { try shared.descriptor.changeMount(propagation: .slave, recursive: true, object: step.object) }
      try step.changeAttributes(of: shared.descriptor, dropping: plan.namespaces.all.contains(.user) ? .noSymbolicLinks : .exactOnes)
      try shared.descriptor.attachMount(on: target.descriptor, object: step.object)
      try step.changePropagation(of: shared.descriptor)
    }
  }

  /// A source below the root file system, resolved as a path of the container: no link in the image leads to the host's files.
  private func openInside(
    _ step: MountStep, _ idMap: SharedDescriptor?, in root: borrowing RootDirectory
  ) throws(RuntimeError) -> SharedDescriptor {
    guard case .bind(let path) = step.source, let inner = plan.pathInside(path) else {
      throw .property(step.property, "its source was not opened")
    }
    let clone = try attempting("\(step.property).source") { () throws(SystemError) in
      try root.open(inner, .path).cloneMount(recursive: step.isRecursiveBind, object: quoted(path))
    }
    if let idMap { try step.mapIDs(of: clone, as: idMap) }
    return SharedDescriptor(clone)
  }

  private func applyFileSystem(
    _ step: MountStep, _ type: String, _ source: String, in root: borrowing RootDirectory
  ) throws(RuntimeError) {
    if type == "proc" || type == "sysfs" {
      // A symbolic link in the place of /proc or /sys would send every later look at them elsewhere (CVE-2019-19921).
      do throws(SystemError) { _ = try root.open(step.destination.removingRoot(), .path, resolution: .noSymbolicLinks) } catch {
        if error.errno != .noSuchFileOrDirectory { throw .message("filesystem \"\(type)\" must be mounted on ordinary directory") }
      }
    }
    let target = try MountTarget(step.destination, in: root, directory: true)
    try attempting(step.property) { () throws(SystemError) in
      let mount: OwnedDescriptor
      do throws(SystemError) {
        mount = try makeFileSystem(step, type, source, target)
      } catch {
        throw SystemError("mount", "\(step.object) (\(error.call) \(error.object ?? ""))", error.errno)
      }
      if let label = plan.mountLabel, type == "mqueue" {
        try mount.setExtendedAttribute(ExtendedAttribute(name: Array("security.selinux".utf8), value: Array(label.utf8)))
      }
      if step.options.copyUp, target.existed { try copyTree(from: target.descriptor, to: mount) }
      try mount.attachMount(on: target.descriptor, object: step.object)
      try step.changePropagation(of: mount)
    }
  }

  private func makeFileSystem(
    _ step: MountStep, _ type: String, _ source: String, _ target: borrowing MountTarget
  ) throws(SystemError) -> OwnedDescriptor {
    let context = try FileSystemContext(type)
    try context.set("source", source.isEmpty ? type : source)
    if type == "tmpfs", !step.options.data.contains(where: { $0.key == "mode" }), target.existed {
      try context.set("mode", String(try target.descriptor.status().permissions, radix: 8))
    }
    // The kernel labels what is in these by itself.
    if let label = plan.mountLabel, !["proc", "sysfs", "mqueue"].contains(type) { try context.set("context", label) }
    for datum in step.options.data { try context.set(datum.key, datum.value) }
    var attributes = step.options.set
    if step.isReadOnlyLater { attributes.subtract(.readOnly) }
    return try context.mount(attributes)
  }

  private func applyRemount(_ step: MountStep, in root: borrowing RootDirectory) throws(RuntimeError) {
    try attempting(step.property) { () throws(SystemError) in
      let target = try root.open(step.destination.removingRoot(), .path)
      try step.changeAttributes(of: target)
      try step.changePropagation(of: target)
    }
  }
}

extension MountStep {
  /// The mount's own attributes, then those of the whole tree.
  ///
  /// A bind mount whose options name any attribute has those and none of its source's, as with runc and crun: `dropped` are dropped. In a
  /// user namespace, where the kernel locks most, those stay.
  func changeAttributes(of mount: borrowing OwnedDescriptor, dropping dropped: MountAttributes? = nil) throws(SystemError) {
    var clear = options.clear
    if let dropped, options.namesAttributes {
      clear.formUnion(dropped.subtracting(options.set))
      let timed: MountAttributes = [.accessTimeField, .noDirectoryAccessTime]
      if !options.set.isDisjoint(with: timed) || options.clear.isSuperset(of: .accessTimeField) {
        clear.formUnion(timed.subtracting(options.set.subtracting(.accessTimeField)))
      }
    }
    if options.set != [] || clear != [] {
      try mount.changeMount(set: options.set, clear: clear.union(fieldToClear(options.set)), object: object)
    }
    if options.recursiveSet != [] || options.recursiveClear != [] {
      try mount.changeMount(
        set: options.recursiveSet, clear: options.recursiveClear.union(fieldToClear(options.recursiveSet)), recursive: true, object: object)
    }
  }

  func changePropagation(of mount: borrowing OwnedDescriptor) throws(SystemError) {
    for propagation in options.propagation {
      try mount.changeMount(propagation: propagation.kind, recursive: propagation.recursive, object: object)
    }
  }

  /// mount_setattr(2): an access-time mode can be set only together with clearing the field.
  private func fieldToClear(_ set: MountAttributes) -> MountAttributes {
    set.isDisjoint(with: .accessTimeField) ? [] : .accessTimeField
  }
}
