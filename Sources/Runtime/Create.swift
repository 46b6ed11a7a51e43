internal import Cgroups
internal import JSON
package import Linux
internal import OCIRuntimeSpec
internal import Seccomp
package import SystemPackage

/// What `create` and `run` are asked for.
package struct CreateRequest {
  package var id: ContainerID
  package var root: StateRoot
  /// Absolute.
  package var bundle: FilePath
  package var consoleSocket: FilePath?
  package var pidFile: FilePath?
  /// Socket that takes a pidfd of the container's process.
  package var pidfdSocket: FilePath?
  /// Where the service manager wants to hear of the container (`NOTIFY_SOCKET`).
  package var notifySocket: FilePath?
  package var preservedDescriptors: Int32 = 0
  package var withoutPivot = false
  package var withoutKeyring = false
  /// `run`: nobody will call `start`.
  package var startsAtOnce = false
  /// The terminal stays with this process.
  package var holdsTerminal = false
  package var warn: (String) -> Void = { _ in }
  /// nil: nobody wants to know.
  package var debug: ((String) -> Void)?

  package init(id: ContainerID, root: StateRoot, bundle: FilePath) {
    self.id = id
    self.root = root
    self.bundle = bundle
  }
}

/// A container whose init waits for the last word, with what holds it.
package struct CreatedContainer: ~Copyable {
  package let container: Container
  let hooks: HookPlan
  let listener: SeccompListener?
  let notify: NotifySocket?
  let child: ChildProcess
  let channel: InitChannel
  /// The terminal's other end, where it was asked to stay here.
  package let console: OwnedDescriptor?
  package var pid: Int32 { child.id }
}

extension CreateRequest {
  /// Makes the container up to the moment before its program runs. Whatever was made is gone again where that fails.
  package func create() throws(RuntimeError) -> CreatedContainer {
    let (configuration, bytes) = try readConfiguration()
    var plan = try ContainerPlan(configuration, bundle: bundle)
    plan.withoutPivot = withoutPivot
    plan.process?.preservedDescriptors = preservedDescriptors
    let hooks = try HookPlan(configuration, bundle: bundle)
    guard let described = plan.process else { throw .property("process", "is missing") }
    try checkTerminal(described)
    described.warnings.forEach(warn)
    let directory = try root.create(id)
    var cgroup: Cgroup?
    do throws(RuntimeError) {
      if plan.namespaces.all.contains(.mount) { try NotifySocket(notifySocket, directory)?.enter(&plan) }
      let process = plan.process ?? described
      let nobody = ProcessIdentity(id: 0, startTime: 0)
      cgroup = try makeCgroup(configuration) { (cgroup) throws(RuntimeError) in
        try directory.write(record(nobody, configuration, plan, cgroup), as: StateDirectory.plannedName)
      }
      // What is to be removed should this process be killed before the container is on record.
      try directory.write(record(nobody, configuration, plan, cgroup), as: StateDirectory.unfinishedName)
      try attempting("state directory") { () throws(SystemError) in
        try replaceFile(directory.configuration, with: bytes, mode: 0o600, durable: false)
      }
      let control = try resourceControl(configuration)
      let made = try control?.make() ?? []
      do throws(RuntimeError) { return try launch(plan, process, hooks, configuration, directory, cgroup, (control, made)) } catch {
        ResourceControl.remove(made)
        throw error
      }
    } catch {
      HostMounts.detach(configuration, rootfs: plan.rootfs.lexicallyNormalized())
      try? cgroup?.remove()
      try? directory.remove()
      throw error
    }
  }

  private func readConfiguration() throws(RuntimeError) -> (RuntimeConfiguration, [UInt8]) {
    let path = bundle.appending(RuntimeConfiguration.fileName)
    let bytes: [UInt8]
    do { bytes = try readFile(path, limit: 16 << 20) } catch {
      if error.errno == .noSuchFileOrDirectory { throw .message("JSON specification file \(RuntimeConfiguration.fileName) not found") }
      throw .system("bundle", error)
    }
    do { return (try decodeJSON(RuntimeConfiguration.self, from: bytes), bytes) } catch { throw .message("config.json: \(error)") }
  }

  private func checkTerminal(_ process: ProcessPlan) throws(RuntimeError) {
    if process.hasTerminal, consoleSocket == nil, !holdsTerminal {
      throw .message("cannot allocate tty if runc will detach without setting console socket")
    }
    if consoleSocket != nil, !process.hasTerminal || holdsTerminal {
      throw .message("cannot use console socket if runc will not detach or allocate tty")
    }
  }

  /// - Parameter noting: is told of directories that are about to be made, where there are none yet.
  private func makeCgroup(
    _ configuration: RuntimeConfiguration, noting: (Cgroup) throws(RuntimeError) -> Void
  ) throws(RuntimeError) -> Cgroup? {
    let cgroup: Cgroup
    do throws(CgroupError) {
      cgroup = try Cgroup(layout: try CgroupLayout.detect(), cgroupsPath: configuration.linux?.cgroupsPath, id: id.description)
    } catch { throw .message("\(error)") }
    if !cgroup.exists { try noting(cgroup) }
    do throws(CgroupError) {
      do throws(CgroupError) { try cgroup.create() } catch {
        guard isRootless, let reason = error.systemError?.errno,
          [.permissionDenied, .notPermitted, .readOnlyFileSystem].contains(reason)
        else { throw error }
        // An ordinary user's container needs no cgroup of its own, unless it is to have limits: those are never dropped in silence.
        if configuration.linux?.resources?.hasLimits == true {
          throw .inUse("linux.resources: \(error): limits need a delegated cgroup (systemd-run --user --scope -p Delegate=yes)")
        }
        return nil
      }
      do throws(CgroupError) {
        try cgroup.apply(configuration.linux?.resources ?? Resources())
      } catch {
        try? cgroup.remove()
        throw error
      }
      return cgroup
    } catch { throw .message("\(error)") }
  }

  private func launch(
    _ plan: ContainerPlan, _ process: ProcessPlan, _ hooks: HookPlan, _ configuration: RuntimeConfiguration, _ directory: StateDirectory,
    _ cgroup: Cgroup?, _ resctrl: (control: ResourceControl?, made: [String])
  ) throws(RuntimeError) -> CreatedContainer {
    let filter: SeccompFilter?
    do {
      filter = try configuration.linux?.seccomp.map { (seccomp) throws(SeccompError) in
        try SeccompFilter.cached(seccomp, in: root.path.appending(".seccomp"))
      }
    } catch { throw .message("linux.seccomp: \(error)") }
    let mayCloneMounts = (try? Capabilities.current().effective.contains(.systemAdministration)) ?? false
    let sources = mayCloneMounts && (plan.namespaces.all.contains(.mount) || !plan.mounts.isEmpty) ? try MountSources(plan) : nil
    var cgroupMounts: [CgroupMount] = []
    if let cgroup, plan.mounts.contains(where: { $0.source == .cgroup }) {
      cgroupMounts = try attempting("cgroup mount") { () throws(SystemError) in try CgroupMount.all(of: cgroup) }
    }
    let socket = startsAtOnce ? nil : try startSocket(directory)
    let console = try consoleSocket.map { (path) throws(RuntimeError) in try connectConsole(path) }
    let joinsThrough = !plan.namespaces.joined.isEmpty
    let launch = try ContainerLaunch.start(
      { channel in
        ContainerInit(
          id: id.description, plan: plan, process: process, hooks: hooks, channel: .init(channel), sources: sources,
          cgroupMounts: cgroupMounts,
          cgroup: joinsThrough ? nil : cgroup, isInUnifiedCgroup: true, consoleSocket: console?.descriptor.rawValue, startSocket: socket,
          filter: filter, keyring: withoutKeyring ? nil : "_ses.\(id)", isVerbose: debug != nil)
      }, plan.namespaces, cgroup: cgroup)
    return try follow(launch, plan, process, hooks, configuration, directory, cgroup, resctrl)
  }

  private func resourceControl(_ configuration: RuntimeConfiguration) throws(RuntimeError) -> ResourceControl? {
    guard let asked = configuration.linux?.intelRdt else { return nil }
    let control = try ResourceControl(asked, id: id.description)
    try ResourceControl.checkMounted()
    return control
  }

  private func startSocket(_ directory: StateDirectory) throws(RuntimeError) -> SharedDescriptor {
    try attempting("state directory") { () throws(SystemError) in
      let socket = try OwnedDescriptor.unixSocket(stream: false)
      try socket.listen(at: directory.socket)
      return SharedDescriptor(socket)
    }
  }

  private func connectConsole(_ path: FilePath) throws(RuntimeError) -> SharedDescriptor {
    try attempting("console socket") { () throws(SystemError) in
      let socket = try OwnedDescriptor.unixSocket()
      try socket.connect(to: path)
      return SharedDescriptor(socket)
    }
  }
}

extension Resources {
  /// Whether anything but device rules is asked for.
  fileprivate var hasLimits: Bool {
    var rest = self
    rest.devices = nil
    return rest != Resources()
  }
}
