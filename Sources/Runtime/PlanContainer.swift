internal import Linux
package import OCIRuntimeSpec
package import SystemPackage

extension ContainerPlan {
  /// Checks `configuration` and says it in the kernel's terms. `bundle` is absolute; what is relative counts from it.
  package init(_ configuration: RuntimeConfiguration, bundle: FilePath) throws(RuntimeError) {
    guard let root = configuration.root, !root.path.isEmpty else { throw .property("root", "is missing") }
    self.init(rootfs: bundle.pushing(FilePath(root.path)))
    readOnlyRootfs = root.readonly ?? false
    guard let linux = configuration.linux else { throw .property("linux", "is missing") }
    namespaces = try NamespacePlan(linux)
    hostName = configuration.hostname.flatMap { $0.isEmpty ? nil : $0 }
    domainName = configuration.domainname.flatMap { $0.isEmpty ? nil : $0 }
    if !namespaces.all.contains(.uts) {
      if hostName != nil { throw .property("hostname", "unable to set hostname without a private UTS namespace") }
      if domainName != nil { throw .property("domainname", "unable to set domainname without a private UTS namespace") }
    }
    rootfsPropagation = linux.rootfsPropagation?.plan
    for (index, mount) in (configuration.mounts ?? []).enumerated() {
      mounts.append(try MountStep(mount, "mounts[\(index)]", bundle: bundle, rootfs: rootfs))
    }
    devices = try DeviceStep.all(linux.devices ?? [])
    networkDevices = try [NetworkDeviceStep](linux.netDevices ?? [:], namespaces)
    // Masking twice would leave a mount on a mount.
    for path in try paths(linux.maskedPaths, "linux.maskedPaths") where !maskedPaths.contains(path) { maskedPaths.append(path) }
    readOnlyPaths = try paths(linux.readonlyPaths, "linux.readonlyPaths")
    if !namespaces.all.contains(.mount) {
      if !maskedPaths.isEmpty || !readOnlyPaths.isEmpty { throw .message("unable to restrict sys entries without a private MNT namespace") }
    }
    sysctls = try Sysctl.all(linux.sysctl ?? [:], namespaces: namespaces, hasHostName: hostName != nil)
    timeOffsets = try timeOffsets(linux.timeOffsets ?? [:])
    mountLabel = linux.mountLabel.flatMap { $0.isEmpty ? nil : $0 }
    if let process = configuration.process {
      self.process = try ProcessPlan(process, linux)
      // Of exec alone, but checked here (config.md#process, execCPUAffinity).
      self.process?.affinity = (nil, nil)
      if self.process?.userID != 0 || self.process?.groupID != 0 { try namespaces.checkMapped(self.process) }
    }
  }

  private func paths(_ texts: [String]?, _ property: String) throws(RuntimeError) -> [FilePath] {
    var paths: [FilePath] = []
    for (index, text) in (texts ?? []).enumerated() {
      if !text.hasPrefix("/") { throw .property("\(property)[\(index)]", "'\(text)' is not an absolute path") }
      paths.append(FilePath(text).lexicallyNormalized())
    }
    return paths
  }

  private func timeOffsets(_ offsets: [String: TimeOffset]) throws(RuntimeError) -> [String] {
    if !offsets.isEmpty, !namespaces.created.contains(.time) {
      throw .property("linux.timeOffsets", "needs a new time namespace")
    }
    var lines: [String] = []
    for (clock, offset) in offsets.sorted(by: { $0.key < $1.key }) {
      guard clock == "monotonic" || clock == "boottime" else {
        throw .property("linux.timeOffsets.\(clock)", "is not a clock that has an offset")
      }
      lines.append("\(clock) \(offset.secs ?? 0) \(offset.nanosecs ?? 0)")
    }
    return lines
  }
}

extension RootfsPropagation {
  var plan: MountOptions.Propagation {
    switch self {
    case .shared: .init(kind: .shared, recursive: false)
    case .rshared: .init(kind: .shared, recursive: true)
    case .slave: .init(kind: .slave, recursive: false)
    case .rslave: .init(kind: .slave, recursive: true)
    case .private: .init(kind: .private, recursive: false)
    case .rprivate: .init(kind: .private, recursive: true)
    case .unbindable: .init(kind: .unbindable, recursive: false)
    case .runbindable: .init(kind: .unbindable, recursive: true)
    }
  }
}

extension NamespacePlan {
  init(_ linux: LinuxConfiguration) throws(RuntimeError) {
    self.init()
    var seen: NamespaceKinds = []
    for (index, namespace) in (linux.namespaces ?? []).enumerated() {
      let property = "linux.namespaces[\(index)]"
      let kind = namespace.type.kinds
      if seen.contains(kind) { throw .property(property, "malformed spec file: duplicated ns '\(namespace.type.rawValue)'") }
      seen.insert(kind)
      if let path = namespace.path, !path.isEmpty {
        if !path.hasPrefix("/") { throw .property("\(property).path", "'\(path)' is not an absolute path") }
        joined.append(Joined(kind: kind, path: FilePath(path), property: "\(property).path"))
      } else {
        created.insert(kind)
      }
    }
    uidMappings = linux.uidMappings ?? []
    gidMappings = linux.gidMappings ?? []
    if created.contains(.user) {
      if uidMappings.isEmpty { throw .property("linux.uidMappings", "is missing, but the container has a user namespace of its own") }
      if gidMappings.isEmpty { throw .property("linux.gidMappings", "is missing, but the container has a user namespace of its own") }
    } else if !seen.contains(.user), !uidMappings.isEmpty || !gidMappings.isEmpty {
      throw .property("linux.uidMappings", "user namespace mappings specified, but user namespace isn't enabled in the config")
    }
  }

  /// A process's ids must mean something outside.
  func checkMapped(_ process: ProcessPlan?) throws(RuntimeError) {
    guard created.contains(.user), let process else { return }
    func maps(_ mappings: [IDMapping], _ id: UInt32) -> Bool { mappings.contains { id >= $0.containerID && id - $0.containerID < $0.size } }
    if !maps(uidMappings, process.userID) { throw .property("process.user.uid", "\(process.userID) has no mapping in linux.uidMappings") }
    if !maps(gidMappings, process.groupID) { throw .property("process.user.gid", "\(process.groupID) has no mapping in linux.gidMappings") }
  }
}

extension IDMapping {
  /// A line of /proc/PID/uid_map.
  var line: String { "\(containerID) \(hostID) \(size)\n" }
}

extension Namespace.Kind {
  var kinds: NamespaceKinds {
    switch self {
    case .pid: .pid
    case .network: .network
    case .mount: .mount
    case .ipc: .ipc
    case .uts: .uts
    case .user: .user
    case .cgroup: .cgroup
    case .time: .time
    }
  }
}
