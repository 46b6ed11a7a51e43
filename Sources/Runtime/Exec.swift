package import Cgroups
internal import Linux
package import OCIRuntimeSpec
internal import Seccomp
package import SystemPackage

/// One more process in a container that runs.
package struct ExecRequest {
  package var container: Container
  package var process: Process
  package var pidFile: FilePath?
  /// Socket that takes a pidfd of the process.
  package var pidfdSocket: FilePath?
  package var consoleSocket: FilePath?
  package var isDetached = false
  package var preservedDescriptors: Int32 = 0
  package var ignoringPause = false
  package var subCgroups: SubCgroups?
  package var warn: (String) -> Void = { _ in }
  /// nil: nobody wants to know.
  package var debug: ((String) -> Void)?

  package init(container: Container, process: Process) {
    self.container = container
    self.process = process
  }

  /// Starts the process; gives its exit status, or 0 at once where it is detached.
  package func run() throws(RuntimeError) -> Int32 {
    switch container.status {
    case .stopped: throw .message("cannot exec a container that has stopped")
    case .paused where !ignoringPause: throw .message("cannot exec in a paused container (use --ignore-paused to override)")
    default: break
    }
    let configuration = try container.configuration()
    var plan = try ProcessPlan(process, configuration.linux)
    plan.preservedDescriptors = preservedDescriptors
    // Who made the container was told of ambient capabilities that are not inheritable; each process to come need not be.
    if let inheritable = plan.capabilities?.inheritable { plan.capabilities?.ambient.formIntersection(inheritable) }
    plan.warnings.forEach(warn)
    if plan.hasTerminal, isDetached, consoleSocket == nil {
      throw .message("cannot allocate tty if runc will detach without setting console socket")
    }
    if consoleSocket != nil, !plan.hasTerminal || !isDetached {
      throw .message("cannot use console socket if runc will not detach or allocate tty")
    }
    guard let leader = try container.openProcess() else { throw .message("cannot exec a container that has stopped") }
    let entry = ContainerEntry(
      plan: plan, namespaces: try NamespacePlan(configuration.linux ?? LinuxConfiguration()).all, leader: SharedDescriptor(leader),
      leaderID: container.record.pid,
      cgroup: try container.cgroup(), subCgroups: subCgroups, filter: try filter(configuration), consoleSocket: try connectConsole(),
      debug: debug)
    return try launch(entry, configuration)
  }

  private func filter(_ configuration: RuntimeConfiguration) throws(RuntimeError) -> SeccompFilter? {
    guard let seccomp = configuration.linux?.seccomp else { return nil }
    do { return try SeccompFilter.cached(seccomp, in: container.directory.path.removingLastComponent().appending(".seccomp")) } catch {
      throw .message("linux.seccomp: \(error)")
    }
  }

  private func connectConsole() throws(RuntimeError) -> SharedDescriptor? {
    guard let consoleSocket else { return nil }
    return try attempting("console socket") { () throws(SystemError) in
      let socket = try OwnedDescriptor.unixSocket()
      try socket.connect(to: consoleSocket)
      return SharedDescriptor(socket)
    }
  }

  private func launch(_ entry: ContainerEntry, _ configuration: RuntimeConfiguration) throws(RuntimeError) -> Int32 {
    let launch = try entry.launch()
    let id = launch.child.id
    let channel = launch.channel
    let process = SharedDescriptor(launch.child.takeDescriptor())
    do {
      if let adjustment = entry.plan.oomScoreAdjustment { adjust(adjustment, id) }
      try attempting("exec") { () throws(SystemError) in try channel.proceed() }
      let console = try follow(channel, id, configuration)
      if let pidFile {
        try attempting("pid file") { () throws(SystemError) in try replaceFile(pidFile, with: Array("\(id)".utf8), durable: false) }
      }
      if let pidfdSocket { try process.descriptor.sendProcess(to: pidfdSocket) }
      if isDetached { return 0 }
      return try Foreground(id: id, process: process, console: console?.descriptor.rawValue).run {}
    } catch {
      try? process.descriptor.sendSignal(Signal.kill)
      _ = try? waitForProcess(id)
      throw error
    }
  }

  private func adjust(_ adjustment: Int, _ id: Int32) {
    do { try ProcFileSystem.setOOMScoreAdjustment(adjustment, of: id) } catch { warn("process.oomScoreAdj: \(error)") }
  }

  /// Up to the execve(2), which closes the channel; gives the terminal where it comes here.
  private func follow(_ channel: borrowing InitChannel, _ id: Int32, _ configuration: RuntimeConfiguration) throws(RuntimeError)
    -> SharedDescriptor?
  {
    var console: SharedDescriptor?
    let listener = SeccompListener(configuration)
    let hooks = try HookPlan(configuration, bundle: FilePath(container.record.bundle))
    while let message = try attempting("exec", { () throws(SystemError) in try channel.receive() }) {
      switch message.kind {
      case .warning: warn(message.text)
      case .debug: debug?(message.text)
      case .failure: throw .message("exec failed: unable to start container process: \(message.text)")
      case .console: console = message.descriptors.first.map { SharedDescriptor(OwnedDescriptor($0)) }
      case .filter:
        guard let descriptor = message.descriptors.first else { continue }
        let notify = OwnedDescriptor(descriptor)
        try listener?.send(notify.rawValue, id: container.id, process: id, hooks)
      case .proceed, .mounted, .ready: continue
      }
    }
    return console
  }
}
