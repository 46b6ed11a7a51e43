internal import Cgroups
internal import Linux
internal import Seccomp
internal import SystemPackage

/// The process of `exec` between clone3(2) and execve(2): it goes where the container's first process is.
struct ContainerEntry {
  let plan: ProcessPlan
  let namespaces: NamespaceKinds
  /// A pidfd of the container's first process.
  let leader: SharedDescriptor
  let leaderID: Int32
  let cgroup: Cgroup?
  let subCgroups: SubCgroups?
  let filter: SeccompFilter?
  let consoleSocket: SharedDescriptor?
  let debug: ((String) -> Void)?

  /// Clones the process; returns in the runtime only. A pid namespace is entered by the children of who enters it, so the runtime itself
  /// does and the child is born inside; the child alone enters the others.
  func launch() throws(RuntimeError) -> ContainerLaunch {
    let pair = try attempting("exec") { () throws(SystemError) in try InitChannel.pair() }
    let channel = InitChannel(socket: OwnedDescriptor(pair.runtime))
    let theirs = InitChannel(socket: OwnedDescriptor(pair.container))
    if let mask = plan.affinity.initial {
      try attempting("process.execCPUAffinity.initial") { () throws(SystemError) in try ProcessAttributes.setProcessorAffinity(mask) }
      debug?("nsexec: affinity: 0x\(hexadecimal(mask))")
    }
    do throws(SystemError) {
      if namespaces.contains(.pid) { try leader.descriptor.enterNamespaces(.pid, object: "pid namespace of process \(leaderID)") }
      // Nobody in the container may look into a process that still has the host's descriptors (CVE-2016-9962).
      try ProcessAttributes.setDumpable(false)
      guard let child = try cloneProcess() else { run(.init(theirs)) }
      return ContainerLaunch(child: child, channel: channel, console: nil)
    } catch { throw .system("exec", error) }
  }

  private func run(_ channel: ContainerInit.SharedChannel) -> Never {
    func say(_ message: String) { if debug != nil { try? channel.value.send(.debug, message) } }
    do throws(RuntimeError) {
      say("nsexec container setup")
      if let cgroup {
        do {
          if let subCgroups { try cgroup.joinSelf(subCgroups) } else { try cgroup.joinSelf(leader: leaderID) }
        } catch { throw .message("unable to apply cgroup configuration: \(error)") }
      }
      try attempting("exec") { () throws(SystemError) in
        try ProcessAttributes.startSession()
        let rest = namespaces.subtracting(.pid)
        if !rest.isEmpty { try leader.descriptor.enterNamespaces(rest, object: "namespaces of process \(leaderID)") }
        try changeWorkingDirectory("/")
        if namespaces.contains(.user) {
          try setGroupID(0)
          try setUserID(0)
          try ProcessAttributes.setDumpable(false)
        }
        try channel.value.awaitProceed()
        say("child process in init()")
        if plan.hasTerminal { try openTerminal(channel) }
      }
      try plan.execute(filter: filter, warn: { try? channel.value.send(.warning, $0) }) {
        say("setns_init: about to exec")
        return channel
      }
    } catch {
      try? channel.value.send(.failure, error.description)
      exitNow(255)
    }
  }

  private func openTerminal(_ channel: ContainerInit.SharedChannel) throws(SystemError) {
    let multiplexer = try RootDirectory("/").open("dev/pts/ptmx", [.readWrite, .noControllingTerminal], resolution: .noSymbolicLinks)
    let terminal = try PseudoTerminal(checking: multiplexer)
    try terminal.prepare(for: plan, relayed: consoleSocket == nil)
    if let consoleSocket {
      try consoleSocket.descriptor.send(Array("/dev/ptmx".utf8), descriptors: [terminal.primary.rawValue])
    } else {
      try channel.value.send(.console, descriptors: [terminal.primary.rawValue])
    }
    try terminal.takeStandardStreams()
  }
}
