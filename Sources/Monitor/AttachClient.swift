package import Linux
internal import SystemPackage

/// The near end of an attachment: this process' terminal or pipes in, the container's output out.
package struct AttachClient: ~Copyable {
  package struct Options: Sendable {
    package var input = false
    package var output = true
    package var error = true
    package var tty = false
    package var signalProxy = true
    package var detachKeys = DetachKeys.standard
    package init() {}
  }

  package enum End: Equatable, Sendable {
    case exited(Int32)
    /// It never ran.
    case failed(Int32, String)
    /// The keys were pressed.
    case detached
    /// The monitor is gone and has not said how it ended.
    case lost
  }

  private let socket: OwnedDescriptor
  private let places: MonitorPlaces
  private let options: Options
  private var keys: DetachKeys
  /// A packet that the monitor has not taken yet: standard input waits behind it.
  private var pending: [UInt8]?
  /// Standard input has ended or is not wanted.
  private var isInputOver: Bool

  package init(_ socket: consuming OwnedDescriptor, _ places: MonitorPlaces, _ options: Options) {
    self.socket = socket
    self.places = places
    self.options = options
    keys = options.detachKeys
    isInputOver = !options.input
  }

  /// Connects to a container's monitor; nil where none is running.
  package static func connect(_ places: MonitorPlaces) throws(MonitorError) -> OwnedDescriptor? {
    do throws(SystemError) {
      let socket = try OwnedDescriptor.unixSocket(stream: false)
      try socket.connect(to: places.attachSocket)
      return socket
    } catch {
      if error.errno == .noSuchFileOrDirectory || error.errno == .connectionRefused { return nil }
      throw .system("attach", error)
    }
  }

  /// Says what is wanted, before the container starts if the socket was made before.
  package func greet() throws(MonitorError) {
    try attempting("attach") { () throws(SystemError) in
      if options.tty { sendSize() }
      try socket.send(AttachMessage.attach(output: options.output, error: options.error).packet)
    }
  }

  /// Relays until the container or the attachment ends. The terminal is as before when it returns.
  package consuming func relay() throws(MonitorError) -> End {
    let raw = options.tty && options.input && StandardStream.input.isTerminal
    let settings = raw ? try? Terminal.makeRaw(0) : nil
    defer { if let settings { try? Terminal.setSettings(0, settings) } }
    do { return try relayEvents() } catch { throw .system("attach", error) }
  }

  private mutating func relayEvents() throws(SystemError) -> End {
    let epoll = try Epoll()
    let signals = try SignalReader()
    try socket.setNonBlocking()
    try epoll.add(signals.descriptor.rawValue, .readable, token: 1)
    try epoll.add(socket.rawValue, .readable, token: 2)
    var watchesInput = false
    var watchesRoom = false
    while true {
      // A regular file as standard input cannot be watched (EPERM): it can always be read.
      var readsDirectly = false
      let wantsInput = !isInputOver && pending == nil
      if wantsInput != watchesInput {
        if wantsInput {
          do { try epoll.add(0, .readable, token: 3) } catch { readsDirectly = true }
        } else {
          try? epoll.remove(0)
        }
        watchesInput = wantsInput && !readsDirectly
      }
      if (pending != nil) != watchesRoom {
        watchesRoom.toggle()
        try epoll.modify(socket.rawValue, watchesRoom ? [.readable, .writable] : .readable, token: 2)
      }
      if readsDirectly, try takeInput() { return .detached }
      guard let event = try epoll.wait(milliseconds: readsDirectly ? 0 : -1) else { continue }
      switch event.token {
      case 1: while let signal = try signals.next() { if let end = take(signal) { return end } }
      case 2:
        if event.events.contains(.writable) { sendPending() }
        if let end = try takeMessage() { return end }
      default: if try takeInput() { return .detached }
      }
    }
  }

  /// Whether the detach keys were typed.
  private mutating func takeInput() throws(SystemError) -> Bool {
    if pending != nil { return false }
    // A terminal that has gone away is EIO: its input is over.
    let read: [UInt8]?
    do { read = try readAvailable(0, limit: 16 << 10) } catch { read = [] }
    guard let bytes = read else { return false }
    if bytes.isEmpty {
      isInputOver = true
      send(.endOfInput)
      return false
    }
    guard options.tty else {
      send(.input(bytes))
      return false
    }
    let (input, detaches) = keys.filter(bytes)
    if !input.isEmpty { send(.input(input)) }
    return detaches
  }

  private mutating func send(_ message: AttachMessage) {
    pending = message.packet
    sendPending()
  }

  private mutating func sendPending() {
    guard let packet = pending else { return }
    do { try socket.send(packet) } catch  where error.errno == .resourceTemporarilyUnavailable { return } catch {
      // The monitor is gone; what it said last is still to be read.
      isInputOver = true
    }
    pending = nil
  }

  private func takeMessage() throws(SystemError) -> End? {
    let received: [UInt8]?
    do { received = try receivePacket(socket)?.bytes } catch  where error.errno == .resourceTemporarilyUnavailable { return nil }
    guard let packet = received else { return .lost }
    switch AttachMessage(packet) {
    case .output(let bytes): try StandardStream.output.write(bytes)
    case .error(let bytes): try StandardStream.error.write(bytes)
    case .exited(let code): return .exited(code)
    case .failed(let code, let reason): return .failed(code, reason)
    default: break
    }
    return nil
  }

  /// Hands a signal on (docker's --sig-proxy). One that is not proxied ends this process as it would any other.
  private func take(_ signal: Int32) -> End? {
    switch signal {
    case Signal.windowChange: sendSize()
    case Signal.child, Signal.pipe, Signal.urgent: break
    default:
      if options.signalProxy, !options.tty {
        // By a connection of its own: input that nobody takes may fill this one.
        let other = try? AttachClient.connect(places)
        try? other?.send(AttachMessage.signal(signal).packet)
      } else if [1, 2, 3, 15].contains(signal) {
        return .exited(128 + signal)
      }
    }
    return nil
  }

  private func sendSize() {
    guard options.tty else { return }
    let terminal = StandardStream.output.isTerminal ? 1 : StandardStream.input.isTerminal ? 0 : -1 as Int32
    guard terminal >= 0, let size = try? Terminal.windowSize(terminal), size.rows > 0 else { return }
    try? socket.send(AttachMessage.resize(size).packet)
  }
}

/// Sends one message and waits until the container has ended or never ran: what wait, stop and a detached start do.
package struct WatchingClient: ~Copyable {
  private let socket: OwnedDescriptor

  package init(_ socket: consuming OwnedDescriptor) { self.socket = socket }

  package func send(_ message: AttachMessage) throws(MonitorError) {
    try attempting("monitor") { () throws(SystemError) in try socket.send(message.packet) }
  }

  /// The next message that is not output; nil when the monitor is gone.
  package func next() throws(MonitorError) -> AttachMessage? {
    while true {
      let packet = try attempting("monitor") { () throws(SystemError) in try receivePacket(socket) }
      guard let packet else { return nil }
      let message = AttachMessage(packet.bytes)
      switch message {
      case .output, .error: continue
      default: return message
      }
    }
  }

  package var descriptor: Int32 { socket.rawValue }
}

/// The next packet. A monitor that ended without having read all that we sent shows as ECONNRESET first; what it said
/// before comes behind that.
private func receivePacket(_ socket: borrowing OwnedDescriptor) throws(SystemError) -> SocketMessage? {
  do { return try socket.receive() } catch  where error.errno == .connectionReset { return try socket.receive() }
}
