internal import Linux
internal import SystemPackage

/// Makes mounts of what the flags and the image ask for: finds binds on the host, makes volumes and fills them.
struct MountResolution {
  let volumes: VolumeStore
  let containers: ContainerStore
  var mounts: [PlannedMount] = []
  /// Volumes that were made for this container and go again if its create fails.
  var made: [String] = []

  init(_ places: Places) {
    volumes = VolumeStore(places)
    containers = ContainerStore(places)
  }

  /// docker's precedence: the flags' own mounts, then other containers' volumes, then the image's.
  mutating func resolve(
    _ flags: ContainerFlags, imageVolumes: [String], in root: borrowing RootDirectory
  ) throws(BundleError) {
    for request in flags.mounts { try add(request, root) }
    for text in flags.volumesFrom { try addVolumes(from: text) }
    for target in imageVolumes.map(cleanPath) where target != "/" && !has(target) {
      try addVolume(MountRequest(.volume, target: target), root)
    }
  }

  private func has(_ target: String) -> Bool { mounts.contains { $0.point.destination == target } }

  private mutating func add(_ request: MountRequest, _ root: borrowing RootDirectory) throws(BundleError) {
    switch request.kind {
    case .bind: try addBind(request)
    case .volume: try addVolume(request, root)
    case .tmpfs:
      var mount = PlannedMount(
        MountPoint(
          type: "tmpfs", source: "", destination: request.target, mode: "", readWrite: !request.tmpfsOptions.contains("ro"),
          propagation: ""))
      mount.tmpfsOptions = request.mergedTmpfsOptions
      mounts.append(mount)
    }
  }

  private mutating func addBind(_ request: MountRequest) throws(BundleError) {
    let source = FilePath(request.source)
    do { _ = try fileStatus(source) } catch {
      guard error.errno == .noSuchFileOrDirectory else { throw .failed(attempt: "bind '\(source)'", error) }
      guard request.createsSource else {
        throw .refused("invalid mount config for type \"bind\": bind source path does not exist: \(source)")
      }
      try attempting("error while creating mount source path '\(source)'") { () throws(SystemError) in try makeDirectories(source) }
    }
    let relabels = request.mode.split(separator: ",").contains { $0 == "z" || $0 == "Z" }
    if relabels, (try? fileStatus("/sys/fs/selinux/enforce")) != nil {
      throw .unsupported(flag: "-v …:\(request.mode)", reason: "files are not relabelled for SELinux yet")
    }
    var mount = PlannedMount(
      MountPoint(
        type: "bind", source: request.source, destination: request.target, mode: request.mode, readWrite: !request.readOnly,
        propagation: request.propagation ?? "rprivate"))
    mount.nonRecursive = request.nonRecursive
    mount.readOnlyReach = request.readOnlyReach
    mounts.append(mount)
  }

  private mutating func addVolume(_ request: MountRequest, _ root: borrowing RootDirectory) throws(BundleError) {
    let anonymous = request.source.isEmpty
    let name = anonymous ? newContainerID() : request.source
    if try volumes.ensure(name, labels: request.volumeLabels, anonymous: anonymous) { made.append(name) }
    var source = volumes.data(name)
    if !request.volumeSubpath.isEmpty {
      source = try subpath(request.volumeSubpath, of: name)
    } else if !request.noCopy {
      try volumes.copyUp(name, from: request.target, of: root)
    }
    let point = MountPoint(
      type: "volume", name: name, source: source.string, destination: request.target, driver: "local",
      mode: request.mode.isEmpty ? "z" : request.mode, readWrite: !request.readOnly, propagation: "",
      anonymous: anonymous ? true : nil)
    mounts.append(PlannedMount(point))
  }

  /// A place in a volume, with no symbolic link on the way: containers write there.
  private func subpath(_ path: String, of name: String) throws(BundleError) -> FilePath {
    let data = volumes.data(name)
    try attempting("cannot access path '\(path)' in volume '\(name)'") { () throws(SystemError) in
      _ = try RootDirectory(data).open(FilePath(path), [.path], resolution: [.noSymbolicLinks])
    }
    return data.pushing(FilePath(path))
  }

  private mutating func addVolumes(from text: String) throws(BundleError) {
    let parts = text.cut(at: ":")
    let other = try containers.resolve(parts?.before ?? text)
    for point in other.record.mounts where point.type != "tmpfs" && !has(point.destination) {
      var point = point
      // It goes with the container that it was made for.
      point.anonymous = nil
      if parts?.after == "ro" { point.readWrite = false }
      mounts.append(PlannedMount(point))
    }
  }
}
