internal import Linux
package import OCIRuntimeSpec
internal import SystemPackage

/// The device nodes that a container gets beyond those of every container, and the rules that let it use them.
package struct PlannedDevices: Sendable {
  package var nodes: [Device] = []
  package var rules: [Resources.DeviceRule] = []

  package init() {}

  /// Looks the devices of the flags up on the host: every one there is for a privileged container, and those of `--device`.
  package init(_ flags: ContainerFlags) throws(BundleError) {
    if flags.privileged {
      for path in try devicesBelow("/dev") { try add(path, at: path.string, "rwm") }
    }
    for mapping in flags.devices where !flags.privileged || mapping.pathInContainer != mapping.pathOnHost {
      try add(mapping)
    }
  }

  private mutating func add(_ mapping: DeviceMapping) throws(BundleError) {
    let path = FilePath(mapping.pathOnHost)
    let attempt = "error gathering device information while adding custom device \(goQuoted(mapping.pathOnHost))"
    let status = try attempting(attempt) { () throws(SystemError) in try fileStatus(path) }
    guard status.kind == .directory else { return try add(path, at: cleanPath(mapping.pathInContainer), mapping.permissions) }
    for found in try devicesBelow(path) {
      let rest = found.string.dropFirst(path.string.count)
      try add(found, at: cleanPath(mapping.pathInContainer + rest), mapping.permissions)
    }
  }

  private mutating func add(_ path: FilePath, at place: String, _ permissions: String) throws(BundleError) {
    let attempt = "error gathering device information while adding custom device \(goQuoted(path.string))"
    let status = try attempting(attempt) { () throws(SystemError) in try fileStatus(path) }
    let kind: Device.Kind, ruleKind: Resources.DeviceRule.Kind
    switch status.kind {
    case .characterDevice: (kind, ruleKind) = (.character, .character)
    case .blockDevice: (kind, ruleKind) = (.block, .block)
    default: throw .refused("\(attempt): not a device node")
    }
    let (major, minor) = status.deviceNumbers
    nodes.append(
      Device(
        path: place, type: kind, major: Int64(major), minor: Int64(minor), fileMode: status.permissions, uid: status.userID,
        gid: status.groupID))
    rules.append(
      Resources.DeviceRule(allow: true, type: ruleKind, major: Int64(major), minor: Int64(minor), access: permissions))
  }
}

/// Every device node below a directory of the host, but for those that each container has of its own.
private func devicesBelow(_ directory: FilePath) throws(BundleError) -> [FilePath] {
  let own: Set<String> = ["pts", "shm", "fd", "mqueue", ".lxc", ".lxd-mounts", ".udev", "console"]
  var found: [FilePath] = []
  let entries = try attempting("list the devices of '\(directory)'") { () throws(SystemError) in
    try openFile(directory, [.readOnly, .directory]).entries()
  }
  for entry in entries where !own.contains(entry.name.string) {
    let path = directory.appending(entry.name)
    switch entry.kind {
    case .directory: found += try devicesBelow(path)
    case .characterDevice, .blockDevice: found.append(path)
    default: continue
    }
  }
  return found.sorted { $0.string < $1.string }
}
