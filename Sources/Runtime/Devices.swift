internal import Linux
internal import SystemPackage

extension ContainerInit {
  /// The device nodes of the configuration and the links that every container has (runtime-linux.md#dev-symbolic-links).
  func makeDevices(in root: borrowing RootDirectory) throws(RuntimeError) {
    ProcessAttributes.setFileModeMask(0)
    for device in plan.devices { try make(device, in: root) }
    try attempting("/dev") { () throws(SystemError) in
      let directory = try root.makeDirectories("dev")
      for (name, target) in [
        ("fd", "/proc/self/fd"), ("stdin", "/proc/self/fd/0"), ("stdout", "/proc/self/fd/1"), ("stderr", "/proc/self/fd/2"),
      ] {
        try link(FilePath(name), to: target, in: directory)
      }
      if (try? root.open("proc/kcore", .path)) != nil { try link("core", to: "/proc/kcore", in: directory) }
      if (try? root.open("dev/pts/ptmx", .path)) != nil {
        try? directory.remove("ptmx")
        try link("ptmx", to: "pts/ptmx", in: directory)
      }
    }
    ProcessAttributes.setFileModeMask(0o022)
  }

  private func link(_ name: FilePath, to target: String, in directory: borrowing OwnedDescriptor) throws(SystemError) {
    do { try directory.makeSymbolicLink(name, to: Array(target.utf8)) } catch  where error.errno == .fileExists { return }
  }

  private func make(_ device: DeviceStep, in root: borrowing RootDirectory) throws(RuntimeError) {
    let path = device.path.lexicallyNormalized()
    guard let component = path.lastComponent else { throw .property(device.property, "'\(device.path)' is not the path of a device") }
    let name = FilePath(root: nil, [component])
    try attempting("\(device.property) \(quoted(device.path))") { () throws(SystemError) in
      let parent = try root.makeDirectories(path.removingRoot().removingLastComponent())
      if plan.namespaces.all.contains(.user) { return try bind(device, name, in: parent) }
      do throws(SystemError) {
        try parent.makeNode(name, device.kind, mode: device.permissions, major: device.major, minor: device.minor)
        try parent.changeOwner(of: name, userID: device.userID, groupID: device.groupID)
      } catch  where error.errno == .fileExists {
        let status = try parent.status(of: name)
        let numbers = deviceNumbers(status.representedDevice)
        if status.kind != device.kind || numbers.major != device.major || numbers.minor != device.minor { throw error }
      } catch  where error.errno == .notPermitted {
        try bind(device, name, in: parent)
      }
    }
  }

  /// In a user namespace nobody may make device nodes: the host's own is bound in its place.
  private func bind(_ device: DeviceStep, _ name: FilePath, in parent: borrowing OwnedDescriptor) throws(SystemError) {
    let host = try openFile(device.path, [.path, .noFollow])
    let status = try host.status()
    let numbers = deviceNumbers(status.representedDevice)
    if status.kind != device.kind || numbers.major != device.major || numbers.minor != device.minor {
      throw SystemError("mknod", "host's \(quoted(device.path)) is another device", .notPermitted)
    }
    let clone = try host.cloneMount(recursive: false, object: quoted(device.path))
    let place = try parent.open(name, [.writeOnly, .create, .noFollow], mode: 0o666)
    try clone.attachMount(on: place, object: quoted(device.path))
  }
}
