internal import Cgroups
internal import Linux
internal import Seccomp
internal import SystemPackage

/// The container's first process, between clone3(2) and execve(2): one thread, a copy of the runtime's memory, and only descriptors
/// for what lies on the host.
struct ContainerInit {
  let id: String
  let plan: ContainerPlan
  let process: ProcessPlan
  let hooks: HookPlan
  let channel: SharedChannel
  /// nil: opened here, since the runtime itself may not clone mounts (rootless).
  var sources: MountSources?
  let cgroupMounts: [CgroupMount]
  let cgroup: Cgroup?
  let isInUnifiedCgroup: Bool
  /// Where the terminal goes: a console socket, or nil for the channel.
  let consoleSocket: Int32?
  /// The socket on which `start` calls; nil for `run`, where the channel says it.
  let startSocket: SharedDescriptor?
  let filter: SeccompFilter?
  let keyring: String?
  let isVerbose: Bool

  final class SharedChannel {
    let value: InitChannel
    init(_ value: consuming InitChannel) { self.value = value }
  }

  func run() -> Never {
    do throws(RuntimeError) {
      try setUp()
      try finish()
    } catch {
      try? channel.value.send(.failure, error.description)
      exitNow(255)
    }
  }

  private func setUp() throws(RuntimeError) {
    debug("nsexec container setup")
    if let cgroup {
      // Before the ids change: who may move a process is decided by who opens the file.
      do { try cgroup.joinSelf(unified: !isInUnifiedCgroup) } catch { throw .message("unable to apply cgroup configuration: \(error)") }
    }
    if plan.namespaces.all.contains(.user) { try becomeRoot() }
    try attempting("init") { () throws(SystemError) in try ProcessAttributes.setDumpable(false) }
    // Only now, since the namespace's root is the cgroup that its maker is in.
    if plan.namespaces.created.contains(.cgroup) {
      try attempting("linux.namespaces") { () throws(SystemError) in try unshare(.cgroup, object: "cgroup namespace") }
    }
    try attempting("init") { () throws(SystemError) in try ProcessAttributes.startSession() }
    debug("child process in init()")
    if let keyring { try? ProcessAttributes.joinSessionKeyring(keyring) }
    if plan.namespaces.created.contains(.time) { try enterTimeNamespace() }
    if plan.namespaces.created.contains(.network) { try? bringUpLoopback() }
    if plan.namespaces.all.contains(.mount) {
      if let sources {
        try enterRootFileSystem(sources)
      } else {
        try enterRootFileSystem(try MountSources(plan))
      }
    } else {
      try enterRootDirectory(sources)
    }
  }

  /// Waits for the id mappings and takes the ids that are root's inside.
  private func becomeRoot() throws(RuntimeError) {
    if plan.namespaces.created.contains(.user) {
      try attempting("user namespace") { () throws(SystemError) in try channel.value.awaitProceed() }
    }
    try attempting("user namespace") { () throws(SystemError) in
      try setGroupID(0)
      try setUserID(0)
    }
  }

  /// A time namespace takes offsets only until somebody is in it, and its maker is not: write, then enter.
  private func enterTimeNamespace() throws(RuntimeError) {
    try attempting("linux.timeOffsets") { () throws(SystemError) in
      try unshare(.time, object: "time namespace")
      let proc = try ProcFileSystem()
      // The file belongs to root outside while this process is not dumpable. With a pid namespace of its own nobody else is there yet
      // to use the moment.
      let isAlone = plan.namespaces.created.isSuperset(of: [.user, .pid])
      if isAlone { try ProcessAttributes.setDumpable(true) }
      for line in plan.timeOffsets { try proc.write(line + "\n", to: "self/timens_offsets") }
      if isAlone { try ProcessAttributes.setDumpable(false) }
      let namespace = try proc.openNamespace("self/ns/time_for_children")
      try namespace.enterNamespaces(.time, object: "time namespace")
    }
  }

  func warn(_ message: String) { try? channel.value.send(.warning, message) }

  /// The steps in runc's words, which its users look for in logs.
  private func debug(_ message: String) { if isVerbose { try? channel.value.send(.debug, message) } }

  /// Everything after the root file system: what the process is to be, the wait for `start`, and execve(2).
  private func finish() throws(RuntimeError) -> Never {
    if let name = plan.hostName { try attempting("hostname") { () throws(SystemError) in try ProcessAttributes.setHostName(name) } }
    if let name = plan.domainName { try attempting("domainname") { () throws(SystemError) in try ProcessAttributes.setDomainName(name) } }
    var state = ""
    try process.execute(filter: filter, warn: warn) { () throws(RuntimeError) in
      if let filter { debug("seccomp filter flags: \(filter.flags.rawValue)") }
      debug("init: closing the pipe to signal completion")
      try closeOthers()
      // A container that was never started ends on the signals that would have ended its program.
      Signal.endProcess(on: [Signal.hangup, Signal.interrupt, Signal.terminate])
      try attempting("init") { () throws(SystemError) in try channel.value.send(.ready) }
      let caller = try awaitStart()
      state = caller.text
      return caller.failures
    } filtered: { (environment) throws(RuntimeError) in
      // In the container, so under its filter too.
      try hooks.run(hooks.startContainer, "startContainer", environment: environment, state: state)
    }
  }

  /// While it waits, perhaps for days, init holds nothing of the host open, its caller's descriptors included. Their owners are never
  /// let go: this function's callers do not return.
  private func closeOthers() throws(RuntimeError) {
    let kept = [channel.value.socket.rawValue] + (startSocket.map { [$0.descriptor.rawValue] } ?? [])
    try attempting("init") { () throws(SystemError) in try closeDescriptors(from: 3 + process.preservedDescriptors, except: kept) }
  }

  /// Blocks until `start`; gives the state's JSON for the hooks, and where to report what still goes wrong.
  private func awaitStart() throws(RuntimeError) -> (text: String, failures: SharedChannel) {
    do throws(SystemError) {
      guard let startSocket else {
        guard let message = try channel.value.receive(), message.kind == .proceed else { exitNow(0) }
        return (message.text, channel)
      }
      // Until the container is on record nobody could find or remove this process: it goes with a runtime that dies before.
      guard let recorded = try channel.value.receive(), recorded.kind == .proceed else { exitNow(0) }
      while true {
        // Only a caller that says so starts: whoever connects and goes away does not.
        let connection = InitChannel(socket: try startSocket.descriptor.accept())
        if let message = try connection.receive(), message.kind == .proceed { return (message.text, SharedChannel(connection)) }
      }
    } catch { throw .system("start", error) }
  }
}
