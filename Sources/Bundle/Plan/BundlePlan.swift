internal import JSON
package import OCIImageSpec
package import OCIRuntimeSpec
package import SystemPackage

/// All that decides what config.json says: the image, the flags, and what was found out for them. Making one touches nothing.
package struct BundlePlan: Sendable {
  package var id: String
  package var directory: FilePath
  package var image: ImageConfiguration.Config
  package var flags: ContainerFlags
  package var command: Command
  package var user: ProcessUser
  package var facts: HostFacts
  /// Volumes, binds and tmpfs of the container, in whatever order.
  package var mounts: [PlannedMount] = []
  package var devices = PlannedDevices()
  package var seccomp: SeccompProfile? = .default
  /// Namespaces of other containers that this one joins, as `/proc/PID/ns/…`.
  package var joined: [Namespace.Kind: String] = [:]
  /// `/dev/shm` of the container whose IPC namespace is joined.
  package var sharedMemory: FilePath?
  /// hosts, hostname and resolv.conf of the container whose network is joined; nil for the bundle's own.
  package var nameFiles: FilePath?
  /// The host's program for `--init`.
  package var initProgram: FilePath?
  package var hooks: Hooks?

  package init(
    id: String, directory: FilePath, image: ImageConfiguration.Config, flags: ContainerFlags, command: Command, user: ProcessUser,
    facts: HostFacts
  ) {
    self.id = id
    self.directory = directory
    self.image = image
    self.flags = flags
    self.command = command
    self.user = user
    self.facts = facts
  }

  /// What the container calls itself: the flag's name, the host's in the host's network or UTS namespace, else the short id.
  package var hostname: String {
    if let hostname = flags.hostname { return hostname }
    return flags.networkMode == "host" || flags.utsMode == .host ? facts.hostname : shortID(id)
  }

  /// config.json.
  package func configuration() throws(BundleError) -> RuntimeConfiguration {
    // 1.0.2 is what every runtime in use accepts, and nothing here is newer.
    var configuration = RuntimeConfiguration(ociVersion: .widelyAccepted)
    let capabilities = try Capability.effective(
      add: flags.capAdd, drop: flags.capDrop, privileged: flags.privileged, available: facts.capabilities)
    configuration.process = try process(capabilities)
    configuration.root = Root(path: "rootfs", readonly: flags.readOnly)
    if flags.utsMode == .private { configuration.hostname = hostname }
    configuration.mounts = mountList()
    configuration.hooks = hooks
    configuration.annotations = flags.annotations.isEmpty ? nil : flags.annotations
    configuration.linux = try linux(capabilities)
    return configuration
  }

  private func process(_ capabilities: [String]) throws(BundleError) -> Process {
    let initialised = flags.usesInit && flags.pidMode == .private
    var process = Process(
      user: Process.User(uid: user.userID, gid: user.groupID, additionalGids: user.additionalGroupIDs),
      args: (initialised ? [BundlePlan.initPath, "--"] : []) + command.arguments,
      env: processEnvironment(configured: environment, hostname: hostname, tty: flags.tty, home: user.home),
      cwd: workingDirectory)
    process.terminal = flags.tty
    // As execve(2) would leave them for a user other than root.
    process.capabilities =
      user.userID == 0
      ? Process.Capabilities(bounding: capabilities, effective: capabilities, permitted: capabilities)
      : Process.Capabilities(bounding: capabilities)
    process.noNewPrivileges = flags.security.noNewPrivileges
    process.oomScoreAdj = flags.oomScoreAdj
    process.apparmorProfile = flags.security.apparmorProfile
    if !flags.ulimits.isEmpty { process.rlimits = try flags.ulimits.map(rlimit) }
    return process
  }

  static let initPath = "/sbin/docker-init"

  /// What was configured, as inspect shows it.
  package var environment: [String] { configuredEnvironment(image: image.env ?? [], flags: flags.environment) }

  package var workingDirectory: String {
    let chosen = flags.workingDirectory ?? image.workingDir ?? ""
    return cleanPath(chosen)
  }
}

extension OCIVersion {
  static let widelyAccepted: OCIVersion = {
    do { return try OCIVersion("1.0.2") } catch { return .minimum }
  }()
}

private func rlimit(_ limit: Ulimit) throws(BundleError) -> Process.Rlimit {
  guard let kind = Process.Rlimit.Kind(rawValue: limit.resource) else { throw .refused("invalid ulimit type: \(limit.name)") }
  // -1 is RLIM_INFINITY.
  return Process.Rlimit(type: kind, hard: UInt64(bitPattern: limit.hard), soft: UInt64(bitPattern: limit.soft))
}
