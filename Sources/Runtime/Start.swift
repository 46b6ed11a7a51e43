internal import Linux
internal import OCIRuntimeSpec
package import SystemPackage

extension Container {
  /// Tells the waiting init to run the program; returns when it does, with poststart hooks run, and where there is a service manager
  /// (`NOTIFY_SOCKET`) when the program says that it is ready.
  package func start(notifySocket: FilePath? = nil) throws(RuntimeError) {
    switch status {
    case .created: break
    case .stopped: throw .message("cannot start a container that has stopped")
    case .running, .paused, .creating: throw .message("cannot start an already running container")
    }
    let configuration = try configuration()
    let hooks = try HookPlan(configuration, bundle: FilePath(record.bundle))
    let channel = try attempting("start") { () throws(SystemError) in
      let socket = try OwnedDescriptor.unixSocket(stream: false)
      try socket.connect(to: directory.socket)
      return InitChannel(socket: socket)
    }
    let listener = SeccompListener(configuration)
    let notify = NotifySocket(notifySocket, directory)
    let socket = try notify?.listen() ?? nil
    try channel.release(hooks.state(id: id, status: "created", process: record.pid)) { (notify) throws(RuntimeError) in
      try listener?.send(notify, id: id, process: record.pid, hooks)
    }
    try? removeFile(directory.socket)
    try hooks.runPoststart(id, record.pid)
    if let notify, let socket, let process = try openProcess() { try notify.awaitReady(socket, process, id: record.pid) }
  }
}

extension InitChannel {
  /// Says `proceed` and waits for the execve that follows, or for the reason why there was none.
  func release(_ state: String, listener: (Int32) throws(RuntimeError) -> Void) throws(RuntimeError) {
    try attempting("start") { () throws(SystemError) in try send(.proceed, state) }
    while let message = try attempting("start", { () throws(SystemError) in try receive() }) {
      if message.kind == .failure { throw .message("unable to start container process: \(message.text)") }
      guard message.kind == .filter, let descriptor = message.descriptors.first else { continue }
      let notify = OwnedDescriptor(descriptor)
      try listener(notify.rawValue)
    }
  }
}

extension HookPlan {
  func runPoststart(_ id: String, _ pid: Int32) throws(RuntimeError) {
    try run(poststart, "poststart", state: state(id: id, status: "running", process: pid))
  }
}

extension CreatedContainer {
  /// The `start` of `run --detach`, over the channel that is open still.
  package func start() throws(RuntimeError) {
    let socket = try notify?.listen() ?? nil
    try release()
    if let notify, let socket { try notify.awaitReady(socket, child.descriptor, id: pid) }
  }

  func release() throws(RuntimeError) {
    do throws(RuntimeError) {
      try channel.release(hooks.state(id: container.id, status: "created", process: pid)) { (notify) throws(RuntimeError) in
        try listener?.send(notify, id: container.id, process: pid, hooks)
      }
      try hooks.runPoststart(container.id, pid)
    } catch {
      try? child.descriptor.sendSignal(Signal.kill)
      _ = try? waitForProcess(pid)
      throw error
    }
  }
}
