internal import Events
internal import JSON
internal import Linux
internal import OCIImageSpec
internal import OCIRuntimeSpec
internal import SystemPackage

/// What `ocibundle create` made.
package struct CreatedBundle: Sendable {
  package let id: String
  package let name: String
}

/// Makes a bundle: container.json comes last, and what was made before goes again when anything fails.
package func createBundle(_ request: CreateRequest, _ places: Places) throws(BundleError) -> CreatedBundle {
  if let file = request.flags.idFile, (try? fileStatus(FilePath(file), following: false)) != nil {
    throw .refused("container ID file found, make sure the other container isn't running or delete \(file)")
  }
  let source = try ImageSource(request, places)
  defer { withExtendedLifetime(source.hold) {} }
  let store = ContainerStore(places)
  switch request.place {
  case .container:
    let reservation = try store.reserve(name: request.flags.name)
    let bundle = CreatedBundle(id: reservation.id, name: reservation.name)
    do throws(BundleError) { try fill(reservation.directory, bundle, source, request, places) } catch {
      try? store.release(name: bundle.name, of: bundle.id)
      throw error
    }
    try? removeFile(reservation.directory.appending(creationLockName))
    withExtendedLifetime(reservation.lock) {}
    EventJournal(runRoot: places.run).append("create", ofBundle: reservation.directory)
    return bundle
  case .directory(let typed):
    let directory = try newDirectory(typed)
    let bundle = CreatedBundle(id: newContainerID(), name: request.flags.name ?? "")
    try fill(directory, bundle, source, request, places)
    return bundle
  }
}

/// The bundle's directory in the caller's place: new or empty.
private func newDirectory(_ typed: FilePath) throws(BundleError) -> FilePath {
  let directory = try absolutePath(typed)
  return try attempting("create bundle '\(typed)'") { () throws(SystemError) in
    try makeDirectories(directory)
    guard try openFile(directory, [.readOnly, .directory]).entries().isEmpty else {
      throw SystemError("mkdir", typed, .directoryNotEmpty)
    }
    return directory
  }
}

private func fill(
  _ directory: FilePath, _ bundle: CreatedBundle, _ source: ImageSource, _ request: CreateRequest, _ places: Places
) throws(BundleError) {
  let overlay = OverlayMount(directory: directory, lowerdirs: source.lowerdirs)
  var mounts = MountResolution(places)
  do {
    try write(directory, bundle, source, request, places, overlay, &mounts)
  } catch {
    // Clean-up: the first error is the one to report.
    try? unmountBundle(directory)
    for volume in mounts.made { try? mounts.volumes.remove(volume) }
    try? removeTree(directory)
    throw error
  }
}

private func write(
  _ directory: FilePath, _ bundle: CreatedBundle, _ source: ImageSource, _ request: CreateRequest, _ places: Places,
  _ overlay: OverlayMount, _ mounts: inout MountResolution
) throws(BundleError) {
  let flags = request.flags
  let image = source.configuration.config ?? ImageConfiguration.Config()
  try overlay.mount()
  let root = try attempting("open the root file system") { () throws(SystemError) in try RootDirectory(overlay.rootfs) }
  let user = try ProcessUser(resolving: flags.user ?? image.user ?? "", groupAdd: flags.groupAdd, in: root)
  let command = try Command(
    entrypoint: image.entrypoint ?? [], command: image.cmd ?? [], flag: flags.entrypoint, operands: request.operands)
  var plan = BundlePlan(
    id: bundle.id, directory: directory, image: image, flags: flags, command: command, user: user, facts: try HostFacts.gather())
  // A build's step has no volumes: what it writes there is the image's.
  let volumes = request.isBuildStep ? [] : image.volumes?.sorted ?? []
  try mounts.resolve(flags, imageVolumes: volumes, in: root)
  plan.mounts = mounts.mounts
  plan.devices = try PlannedDevices(flags)
  plan.seccomp = try seccompProfile(flags.security)
  let joining = try Joining(flags, places)
  plan.joined = joining.namespaces
  plan.nameFiles = joining.nameFiles
  if let hostname = joining.hostname { plan.flags.hostname = hostname }
  plan.sharedMemory = joining.sharedMemory
  if flags.usesInit { plan.initProgram = try initProgram() }
  plan.hooks = try hooks(plan, name: bundle.name, places)
  try makeWorkingDirectory(plan.workingDirectory, in: root, plan.mounts)
  if joining.nameFiles == nil { try writeNameFiles(plan, places) }
  if flags.ipcMode == .shareable { try mountSharedMemory(directory, size: flags.shmSize) }
  try writeJSON(try plan.configuration(), to: directory.appending(RuntimeConfiguration.fileName), durable: .no)
  if let file = flags.idFile {
    try attempting("write the container's id") { () throws(SystemError) in try replaceFile(FilePath(file), with: Array(bundle.id.utf8)) }
  }
  let record = try plan.record(name: bundle.name, source: source, request: request, created: Timestamp.now.rfc3339)
  // What goes with its process or its build need not outlive a crash of the machine; syncing is most of the time that a create takes.
  if flags.autoRemove || request.isBuildStep {
    try writeJSON(record, to: directory.appending(ContainerRecord.fileName), durable: .no)
  } else {
    try attempting("write the bundle") { () throws(SystemError) in
      try openFile(directory.appending(RuntimeConfiguration.fileName), .readOnly).synchronizeData()
    }
    try writeJSON(record, to: directory.appending(ContainerRecord.fileName), durable: .yes)
  }
}

extension CreateRequest {
  /// A build's RUN: there is no image yet.
  var isBuildStep: Bool {
    if case .configuration = source { return true }
    return false
  }
}

enum Durability { case yes, no }

func writeJSON(_ value: some Encodable, to path: FilePath, durable: Durability) throws(BundleError) {
  let content: [UInt8]
  do { content = try encodeJSON(value, pretty: true) } catch { throw .damaged(path: path.description, reason: error.description) }
  try attempting("write '\(path)'") { () throws(SystemError) in try replaceFile(path, with: content + [10], durable: durable == .yes) }
}

private func seccompProfile(_ security: SecurityOptions) throws(BundleError) -> SeccompProfile? {
  switch security.seccomp {
  case .builtin: return .default
  case .unconfined: return nil
  case .file(let path): return try SeccompProfile(file: path)
  }
}

private func hooks(_ plan: BundlePlan, name: String, _ places: Places) throws(BundleError) -> Hooks? {
  if ["none", "host"].contains(plan.flags.networkMode) || plan.flags.networkMode.hasPrefix("container:") { return nil }
  let (netctl, portmap) = try attempting("find the network's tools") { () throws(SystemError) in
    (try toolPath("netctl"), try toolPath("portmap"))
  }
  return plan.networkHooks(name: name, netctl: netctl, portmap: portmap, places: places)
}

/// docker makes a working directory that the image lacks. One below a mount is that mount's affair.
private func makeWorkingDirectory(
  _ path: String, in root: borrowing RootDirectory, _ mounts: [PlannedMount]
) throws(BundleError) {
  if mounts.contains(where: { (path + "/").hasPrefix($0.point.destination + "/") }) { return }
  do { _ = try root.makeDirectories(FilePath(path)) } catch {
    if error.errno == .notDirectory { throw .refused("Cannot mkdir: \(path) is not a directory") }
    throw .failed(attempt: "make the working directory '\(path)'", error)
  }
}
