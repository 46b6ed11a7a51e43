internal import CommandSupport
internal import ImageStore
internal import JSON
internal import LayerArchive
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

extension Build {
  /// Runs a command in a container over the state's layers. What it has written is the layer.
  func execute(_ command: StepCommand, on state: StageState, _ mounts: StepMounts) throws(BuildError) -> BuiltLayer {
    try enterOwnMounts()
    let lowers = try lowerdirs(state)
    let prepared = try prepare(mounts, script: command.script)
    defer { withExtendedLifetime(prepared) {} }
    let bundle = workspace.fresh("bundle")
    let container = "build-\(String(UInt64.random(in: .min ... .max), radix: 16))"
    defer { removeBundle(bundle) }
    try createBundle(bundle, command, state, lowers, prepared)
    let points = try attempting("cannot read the bundle") { try MountPoints(of: bundle) }
    let status = try start(container, bundle)
    try attempting("cannot unmount the step's root file system") { try detachMount(bundle.appending("rootfs")) }
    let upper = bundle.appending("upper")
    guard status == .exited(0) else {
      let failure = failure(command, status)
      if options.isShellOnFailure { try shell(command, state, mounts, above: [upper], why: "where this step failed: \(failure)") }
      throw failure
    }
    try attempting("cannot look at what the step has written") { try points.removeUnused(from: upper) }
    return try publish(upper, over: state)
  }

  /// A mount namespace of this process's own: whatever kills it, nothing stays mounted.
  func enterOwnMounts() throws(BuildError) {
    if workspace.hasOwnMounts { return }
    try attempting("RUN needs root") {
      try unshare(.mount, object: "mount namespace")
      // MS_REC | MS_SLAVE: what is mounted outside still comes in.
      try mount("", on: "/", flags: 0x4000 | 0x8_0000)
    }
    workspace.hasOwnMounts = true
  }

  func createBundle(
    _ bundle: FilePath, _ command: StepCommand, _ state: StageState, _ lowers: [FilePath], _ prepared: PreparedMounts,
    isInteractive: Bool = false
  ) throws(BuildError) {
    var config = ImageConfiguration.Config()
    // A secret's variable is the step's alone, and beats the image's.
    var environment = EnvironmentList(proxies)
    for (name, value) in command.environment.variables + EnvironmentList(prepared.environment).variables { environment[name] = value }
    config.env = environment.lines
    config.user = command.user
    config.workingDir = command.workingDirectory
    let image = ImageConfiguration(platform: state.image.platform, config: config)
    let file = workspace.fresh("image")
    var arguments = ["ocibundle", "--root", store.root.string, "create", "--image-config", file.string]
    for lower in lowers { arguments += ["--lower", lower.string] }
    arguments += ["--hostname", options.buildArguments["BUILDKIT_SANDBOX_HOSTNAME"] ?? "buildkitsandbox"]
    arguments += ["--network", command.network == .default ? "bridge" : command.network.rawValue]
    for host in options.addHosts { arguments += ["--add-host", host] }
    for limit in options.ulimits { arguments += ["--ulimit", limit] }
    if let size = options.shmSize { arguments += ["--shm-size", size] }
    if command.isPrivileged { arguments.append("--privileged") }
    if isInteractive { arguments += ["--interactive", "--tty"] }
    arguments += options.limits
    arguments += prepared.flags + [bundle.string] + command.arguments
    let status = try attempting("cannot make the step's container") {
      try replaceFile(file, with: try encodeJSON(image, pretty: false), mode: 0o600, durable: false)
      return try spawn("ocibundle", arguments)
    }
    if status != .exited(0) { throw BuildError("\(command.text): ocibundle could not make the container") }
  }

  /// Runs a tool to its end, its output and errors being the step's. A signal that would end this process ends the tool instead, by
  /// `stop`, and then the build.
  private func spawn(_ tool: String, _ arguments: [String], stop: () -> Void = {}) throws -> ExitStatus {
    let signals = try SignalReader()
    defer { Signal.resetAll() }
    let pipe = try Pipe()
    let child = try SpawnedCommand(
      try toolPath(tool), arguments, input: .none, output: .descriptor(pipe.writer.rawValue), error: .descriptor(pipe.writer.rawValue))
    let reader = pipe.keepReader()
    let descriptor = reader.rawValue
    var chunk = [UInt8](repeating: 0, count: 32 << 10)
    var caught: Int32?
    while true {
      let ready = try waitReadable([descriptor, signals.descriptor.rawValue], milliseconds: 100)
      if ready.isEmpty { progress.tick() }
      if ready.contains(signals.descriptor.rawValue), let signal = try signals.next(), [1, 2, 3, 15].contains(signal) {
        if caught == nil { stop() }
        caught = signal
      }
      if !ready.contains(descriptor) { continue }
      var span = chunk.mutableSpan
      let count = try unsafe span.withUnsafeMutableBytes { (buffer) throws(SystemError) in
        try unsafe readBytes(from: descriptor, into: buffer)
      }
      if count == 0 { break }
      progress.output(chunk[..<count])
    }
    withExtendedLifetime(reader) {}
    progress.flush()
    let status = try child.wait()
    if let caught { throw BuildError("interrupted by signal \(caught)") }
    return status
  }

  private func start(_ container: String, _ bundle: FilePath) throws(BuildError) -> ExitStatus {
    let root = Roots.volatile(nil).appending("runtime").string
    return try attempting("cannot run the step's container") {
      try workspace.note(container: container, root: root)
      let status = try spawn("runc-swift", ["runc-swift", "--root", root, "run", "--bundle", bundle.string, container]) {
        deleteContainer(container, root: root)
      }
      try removeFile(workspace.path.appending("container"))
      return status
    }
  }

  func removeBundle(_ bundle: FilePath) {
    try? detachMount(bundle.appending("rootfs"))
    try? removeTree(bundle)
  }

  /// `exit 2: exit code 2`, and what the step said last where it has not been seen.
  private func failure(_ command: StepCommand, _ status: ExitStatus) -> BuildError {
    let how =
      switch status {
      case .exited(let code): "exit code \(code)"
      case .signaled(let signal): "ended by signal \(signal)"
      }
    let lines = progress.isSilent ? progress.lastLines.map { "\n  " + $0 }.joined() : ""
    return BuildError("'\(command.text)': \(how)\(lines)")
  }

  /// Makes a layer of an overlay's upper directory, and of the directory itself the layer as it is unpacked.
  private func publish(_ upper: FilePath, over state: StageState) throws(BuildError) -> BuiltLayer {
    let progress = progress
    let options = TreeOptions(.overlayUpper, warn: { progress.warning("RUN: '\($0)': \($1)") })
    let layer = try store.buildLayer(hold, times: .clamped(to: epoch.time)) { (writer) throws(BuildError) in
      try attempting("cannot store what the step has written") {
        try writer.addTree(try openFile(upper, [.readOnly, .directory]), options)
      }
    }
    try adopt(upper, as: layer, over: state)
    return layer
  }

  private func adopt(_ upper: FilePath, as layer: BuiltLayer, over state: StageState) throws(BuildError) {
    var rootfs = state.image.rootfs
    rootfs.diffIDs.append(layer.diffID)
    guard let chainID = rootfs.chainIDs.last else { return }
    try reporting { try adopt(upper, as: layer, chainID) }
  }

  private func adopt(_ upper: FilePath, as layer: BuiltLayer, _ chainID: Digest) throws {
    let lock = try store.layerLock(chainID)
    defer { withExtendedLifetime(lock) {} }
    if try store.unpackedLayer(chainID) != nil { return }
    try normalizeTimes(upper, latest: epoch.time)
    let directory = try store.makeLayerDirectory(chainID)
    do {
      try removeFile(directory.appending("fs"), directory: true)
      try renameFile(upper, to: directory.appending("fs"))
      let record = UnpackedLayer(
        diffID: layer.diffID, chainID: chainID, digest: layer.descriptor.digest, size: layer.descriptor.size, opaqueRoot: false,
        bootID: try currentBootID())
      try store.publish(record, from: directory)
    } catch {
      store.discard(directory)
      throw error
    }
  }

  private func renameFile(_ old: FilePath, to new: FilePath) throws {
    guard let from = old.lastComponent, let to = new.lastComponent else { return }
    let source = try openFile(old.removingLastComponent(), [.readOnly, .directory])
    let target = try openFile(new.removingLastComponent(), [.readOnly, .directory])
    try source.rename(FilePath(root: nil, [from]), to: FilePath(root: nil, [to]), in: target)
  }
}

/// Ends a build's container, whatever state it is in, and removes what the runtime knows of it.
func deleteContainer(_ container: String, root: String) {
  guard let tool = try? toolPath("runc-swift") else { return }
  let arguments = ["runc-swift", "--root", root, "delete", "--force", container]
  _ = try? SpawnedCommand(tool, arguments, input: .none, output: .none, error: .none).wait()
}
