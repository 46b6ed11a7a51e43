internal import Cgroups
internal import Linux
internal import OCIRuntimeSpec
internal import SystemPackage

extension CreateRequest {
  /// The runtime's side of ``InitChannel``'s conversation, up to `ready`; records the container then.
  func follow(
    _ launch: consuming ContainerLaunch, _ plan: ContainerPlan, _ process: ProcessPlan, _ hooks: HookPlan,
    _ configuration: RuntimeConfiguration,
    _ directory: StateDirectory, _ cgroup: Cgroup?, _ resctrl: (control: ResourceControl?, made: [String])
  ) throws(RuntimeError) -> CreatedContainer {
    do {
      let pid = launch.child.id
      try resctrl.control?.add(process: pid)
      try adjust(launch.child, plan, process)
      if plan.namespaces.created.contains(.user) {
        try attempting("init") { () throws(SystemError) in try launch.channel.proceed() }
      }
      while try converse(&launch, hooks) {}
      var record = try record(pid, configuration, plan, cgroup)
      record.resctrlPaths = resctrl.made.isEmpty ? nil : resctrl.made
      record.resctrlClass = resctrl.control?.directory.string
      let container = Container(directory: directory, record: record)
      try directory.write(container.record)
      if let pidFile {
        try attempting("pid file") { () throws(SystemError) in try replaceFile(pidFile, with: Array("\(pid)".utf8), durable: false) }
      }
      if let pidfdSocket { try launch.child.descriptor.sendProcess(to: pidfdSocket) }
      if !startsAtOnce { try attempting("init") { () throws(SystemError) in try launch.channel.send(.proceed) } }
      return CreatedContainer(
        container: container, hooks: hooks, listener: SeccompListener(configuration), notify: NotifySocket(notifySocket, directory),
        child: launch.child, channel: launch.channel,
        console: launch.console)
    } catch {
      try? launch.child.descriptor.sendSignal(Signal.kill)
      _ = try? waitForProcess(launch.child.id)
      // A hook may have failed after another had done its work: what that one made is for the poststop hooks to take away
      // (runtime.md#lifecycle: a failed prestart or createRuntime hook goes on at the poststop hooks).
      hooks.runPoststop(id: id.description, warn: warn)
      throw error
    }
  }

  /// What only the runtime, outside, may change of init.
  private func adjust(_ child: borrowing ChildProcess, _ plan: ContainerPlan, _ process: ProcessPlan) throws(RuntimeError) {
    if plan.namespaces.created.contains(.user) {
      try attempting("linux.uidMappings") { () throws(SystemError) in
        try writeMappings(of: child.id, plan.namespaces.uidMappings, plan.namespaces.gidMappings)
      }
    }
    try moveNetworkDevices(plan.networkDevices, to: child.id)
    guard let adjustment = process.oomScoreAdjustment else { return }
    do { try ProcFileSystem.setOOMScoreAdjustment(adjustment, of: child.id) } catch {
      guard error.errno == .permissionDenied || error.errno == .notPermitted else { throw .system("process.oomScoreAdj", error) }
      warn("process.oomScoreAdj: stays as it is, since lowering it to \(adjustment) needs CAP_SYS_RESOURCE")
    }
  }

  /// Takes one message; false when init is ready.
  private func converse(_ launch: inout ContainerLaunch, _ hooks: HookPlan) throws(RuntimeError) -> Bool {
    let message = try attempting("init") { () throws(SystemError) in try launch.channel.receive() }
    guard let message else { throw .message(lastWords(launch.child)) }
    switch message.kind {
    case .ready: return false
    case .warning: warn(message.text)
    case .debug: debug?(message.text)
    case .failure: throw .message("unable to start container process: \(message.text)")
    case .mounted:
      let state = hooks.state(id: id.description, status: "creating", process: launch.child.id)
      try hooks.run(hooks.prestart, "prestart", state: state)
      try hooks.run(hooks.createRuntime, "createRuntime", state: state)
      try attempting("init") { () throws(SystemError) in try launch.channel.proceed() }
    case .console:
      if let descriptor = message.descriptors.first { launch.console = OwnedDescriptor(descriptor) }
    case .filter, .proceed: throw .message("init said what it should not: \(message.kind)")
    }
    return true
  }

  /// Init went without a word: killed from outside, most likely for want of memory.
  private func lastWords(_ child: borrowing ChildProcess) -> String {
    let status = (try? waitForProcess(child.id))??.status
    if status == .signaled(Signal.kill) {
      return "unable to start container process: container init was OOM-killed (memory limit too low?)"
    }
    return "unable to start container process: container init ended early (\(status?.words ?? "unknown"))"
  }

  private func record(_ pid: Int32, _ configuration: RuntimeConfiguration, _ plan: ContainerPlan, _ cgroup: Cgroup?) throws(RuntimeError)
    -> ContainerRecord
  {
    guard let identity = ProcessIdentity(living: pid) else { throw .message("container init died") }
    return record(identity, configuration, plan, cgroup)
  }

  func record(_ identity: ProcessIdentity, _ configuration: RuntimeConfiguration, _ plan: ContainerPlan, _ cgroup: Cgroup?)
    -> ContainerRecord
  {
    ContainerRecord(
      id: id.description, ociVersion: "\(configuration.ociVersion)", pid: identity.id, startTime: identity.startTime, bundle: bundle.string,
      rootfs: plan.rootfs.lexicallyNormalized().string, created: Timestamp.now.rfc3339, owner: effectiveUserID,
      annotations: configuration.annotations ?? [:], cgroupPaths: cgroup?.paths ?? [:])
  }
}
