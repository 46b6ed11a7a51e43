internal import Linux
internal import SystemPackage

/// A process of the container and this one, which stays in the foreground until that ends: signals are passed on, the terminal is relayed.
struct Foreground {
  let id: Int32
  let process: SharedDescriptor
  /// The terminal's other end, borrowed.
  let console: Int32?
  var notify: (relay: NotifySocket, socket: SharedDescriptor)?

  /// Calls `start`, waits, and gives the exit status as a shell would.
  func run(_ start: () throws(RuntimeError) -> Void) throws(RuntimeError) -> Int32 {
    let signals = try attempting("signals") { () throws(SystemError) in try SignalReader() }
    var relay: TerminalRelay?
    if let console { relay = try attempting("terminal") { () throws(SystemError) in try TerminalRelay(console) } }
    defer { relay?.restore() }
    try start()
    do throws(SystemError) { return try wait(signals, relay) } catch { throw .system("container process", error) }
  }

  private func wait(_ signals: borrowing SignalReader, _ relay: TerminalRelay?) throws(SystemError) -> Int32 {
    // It may have ended before its signal was blocked.
    if let status = try reap() { return finish(status, relay) }
    while true {
      let notification = notify?.socket.descriptor.rawValue
      let ready = try waitReadable([signals.descriptor.rawValue] + (relay?.descriptors ?? []) + (notification.map { [$0] } ?? []))
      for descriptor in ready where descriptor != signals.descriptor.rawValue {
        // A service manager that does not listen is no reason to end a container.
        if descriptor == notification, let notify { try? notify.relay.relay(notify.socket) } else { relay?.transfer(descriptor) }
      }
      guard ready.contains(signals.descriptor.rawValue) else { continue }
      while let signal = try signals.next() {
        switch signal {
        case Signal.child:
          if let status = try reap() { return finish(status, relay) }
        case Signal.windowChange where relay != nil: relay?.resize()
        case Signal.urgent, Signal.pipe: continue
        default: try? process.descriptor.sendSignal(signal)
        }
      }
    }
  }

  private func finish(_ status: Int32, _ relay: TerminalRelay?) -> Int32 {
    relay?.drain()
    return status
  }

  /// Collects every child that has ended; the exit code when ours is among them.
  private func reap() throws(SystemError) -> Int32? {
    while true {
      do throws(SystemError) {
        guard let ended = try waitForProcess(-1, waiting: false) else { return nil }
        if ended.id == id { return ended.status.code }
      } catch {
        if error.errno == .noChildProcess { return nil }
        throw error
      }
    }
  }
}

extension CreatedContainer {
  /// Starts the program and stays until it ends.
  package consuming func startAndWait() throws(RuntimeError) -> Int32 {
    var foreground = Foreground(id: child.id, process: SharedDescriptor(try duplicate()), console: consoleDescriptor)
    if let notify, let socket = try notify.listen() { foreground.notify = (notify, socket) }
    return try foreground.run { () throws(RuntimeError) in try release() }
  }

  private func duplicate() throws(RuntimeError) -> OwnedDescriptor {
    try attempting("container process") { () throws(SystemError) in try child.descriptor.duplicate() }
  }

  private var consoleDescriptor: Int32? {
    switch console {
    case .some(let descriptor): descriptor.rawValue
    case .none: nil
    }
  }
}
