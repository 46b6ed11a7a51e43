internal import Linux
internal import SystemPackage

extension ContainerInit {
  /// `linux.readonlyPaths`: each is bound on itself, read-only. What does not exist needs no protection.
  func makePathsReadOnly(in root: borrowing RootDirectory) throws(RuntimeError) {
    for path in plan.readOnlyPaths {
      try attempting("linux.readonlyPaths \(quoted(path))") { () throws(SystemError) in
        guard let target = try existing(path, in: root) else { return }
        let clone = try target.cloneMount(recursive: true, object: quoted(path))
        try clone.changeMount(set: .readOnly, object: quoted(path))
        try clone.attachMount(on: target, object: quoted(path))
      }
    }
  }

  /// `linux.maskedPaths`: the null device over files, one shared, empty, read-only directory over directories.
  func mask(in root: borrowing RootDirectory) throws(RuntimeError) {
    var null: SharedDescriptor?
    var empty: SharedDescriptor?
    for path in plan.maskedPaths {
      try attempting("linux.maskedPaths \(quoted(path))") { () throws(SystemError) in
        guard let target = try existing(path, in: root) else { return }
        if try target.status().kind != .directory {
          if null == nil { null = try nullDevice() }
          try null?.descriptor.cloneMount(recursive: false, object: "'/dev/null'").attachMount(on: target, object: quoted(path))
        } else if let directory = empty {
          try directory.descriptor.cloneMount(recursive: false, object: "tmpfs").attachMount(on: target, object: quoted(path))
        } else {
          let context = try FileSystemContext("tmpfs")
          try context.set("nr_blocks", "1")
          try context.set("nr_inodes", "1")
          let mount = try context.mount(.readOnly)
          try mount.attachMount(on: target, object: quoted(path))
          // Only a mount that has a place can be cloned.
          empty = SharedDescriptor(mount)
        }
      }
    }
  }

  /// The host's /dev/null, known by its number: the image has no say in what masks (CVE-2025-31133).
  private func nullDevice() throws(SystemError) -> SharedDescriptor {
    let device = try openFile("/dev/null", [.path, .noFollow])
    let status = try device.status()
    let numbers = deviceNumbers(status.representedDevice)
    guard status.kind == .characterDevice, numbers == (1, 3) else {
      throw SystemError("open", "/dev/null: not the null device", .operationNotSupportedByDevice)
    }
    return SharedDescriptor(device)
  }

  private func existing(_ path: FilePath, in root: borrowing RootDirectory) throws(SystemError) -> OwnedDescriptor? {
    do throws(SystemError) { return try root.open(path.lexicallyNormalized().removingRoot(), .path) } catch {
      if error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory { return nil }
      throw error
    }
  }
}
