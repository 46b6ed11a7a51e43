internal import Linux
internal import SystemPackage

extension CreatedContainer {
  /// Starts the program and stays until it ends: passes signals on, relays the terminal, and gives the exit status as a shell would.
  package func startAndWait() throws(RuntimeError) -> Int32 {
    let signals = try attempting("signals") { () throws(SystemError) in try SignalReader() }
    let relay: TerminalRelay?
    switch console {
    case .some(let descriptor): relay = try attempting("terminal") { () throws(SystemError) in try TerminalRelay(descriptor.rawValue) }
    case .none: relay = nil
    }
    defer { relay?.restore() }
    try start()
    return try attempting("container process") { () throws(SystemError) in try wait(signals, relay) }
  }

  private func wait(_ signals: borrowing SignalReader, _ relay: TerminalRelay?) throws(SystemError) -> Int32 {
    var watched = [signals.descriptor.rawValue]
    while true {
      if let relay { watched = [signals.descriptor.rawValue] + relay.descriptors }
      let ready = try waitReadable(watched)
      for descriptor in ready where descriptor != signals.descriptor.rawValue { relay?.transfer(descriptor) }
      guard ready.contains(signals.descriptor.rawValue) else { continue }
      while let signal = try signals.next() {
        switch signal {
        case Signal.child:
          if let status = try reap() {
            relay?.drain()
            return status
          }
        case Signal.windowChange where relay != nil: relay?.resize()
        case Signal.urgent, Signal.pipe: continue
        default: try? child.descriptor.sendSignal(signal)
        }
      }
    }
  }

  /// Collects every child that has ended; the exit code when ours is among them.
  private func reap() throws(SystemError) -> Int32? {
    while true {
      do {
        guard let ended = try waitForProcess(-1, waiting: false) else { return nil }
        if ended.id == child.id { return ended.status.code }
      } catch where error.errno == .noChildProcess { return nil }
    }
  }
}
