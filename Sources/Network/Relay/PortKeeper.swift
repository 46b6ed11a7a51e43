internal import Linux
internal import SystemPackage

/// The process that stays with a container's published ports: it holds them against other programs, and answers where the kernel does not
/// translate: on IPv6, ::1 above all, and on IPv4 while somebody has flushed the table. What comes in it relays to the container.
final class PortKeeper {
  /// Events come with these, those of ports from `firstPort` on, all others with numbers that are used once.
  private enum Token {
    static let process: UInt64 = 0
    static let control: UInt64 = 1
    static let firstPort: UInt64 = 2
  }
  /// Between two looks at what changes without an event.
  private static let pause: Int32 = 30_000
  /// Nanoseconds that relays to other members of a service have when the container ends.
  private static let grace: UInt64 = 10_000_000_000

  private let epoll: Epoll
  private let control: OwnedDescriptor
  private let controlPath: FilePath
  private let table: PortTable
  private let targets: ServiceTargets
  private let process: Int32?
  private var ports: [UInt64: HeldPort] = [:]
  private var datagrams: [UInt64: DatagramRelay] = [:]
  private var streams: [UInt64: StreamRelay] = [:]
  private var next: UInt64
  /// When it ends at the latest; nil while there are ports to keep, or relays of a container that lives.
  private var deadline: UInt64?

  /// - Parameters:
  ///   - control: a listening socket at `controlPath`: whoever connects makes the keeper compare its ports with the table.
  ///   - process: a pidfd that outlives this; with the process' end the ports are given up.
  init(
    _ held: [HeldPort], control: consuming OwnedDescriptor, at controlPath: FilePath, _ table: PortTable,
    process: Int32?
  ) throws(SystemError) {
    epoll = try Epoll()
    self.control = control
    self.controlPath = controlPath
    self.table = table
    targets = ServiceTargets(table)
    self.process = process
    next = Token.firstPort + UInt64(held.count)
    try epoll.add(self.control.rawValue, .readable, token: Token.control)
    if let process { try epoll.add(process, .readable, token: Token.process) }
    for (index, port) in held.enumerated() {
      let token = Token.firstPort + UInt64(index)
      ports[token] = port
      switch (port.port.transport, port.socket?.descriptor.rawValue) {
      case (.sctp, _), (_, nil): continue
      case (.udp, let socket?):
        datagrams[token] = DatagramRelay()
        try epoll.add(socket, .readable, token: token)
      case (.tcp, let socket?): try epoll.add(socket, .readable, token: token)
      }
    }
  }

  /// Returns when there is nothing left to keep or to relay.
  func run() throws(SystemError) {
    releaseResidentCode()
    var looked = monotonicNanoseconds()
    while !ports.isEmpty || (!streams.isEmpty && deadline.map { monotonicNanoseconds() < $0 } != false) {
      let event = try epoll.wait(milliseconds: deadline == nil ? Self.pause : 100)
      if let (token, events) = event { handle(token, events) }
      let now = monotonicNanoseconds()
      if now - looked < UInt64(Self.pause) * 1_000_000 { continue }
      looked = now
      for relay in datagrams.values { relay.forgetOld(epoll) }
      // The place where its owner would tell it to end is gone, and so is the owner.
      if (try? fileStatus(controlPath)) == nil { giveUp(ports.keys) }
    }
  }

  private func handle(_ token: UInt64, _ events: Epoll.Events) {
    switch token {
    case Token.control: compare()
    case Token.process:
      if let process { try? epoll.remove(process) }
      deadline = monotonicNanoseconds() + (ports.values.contains { $0.port.member != nil } ? Self.grace : 0)
      giveUp(ports.keys)
    default:
      if let held = ports[token] { return serve(token, held) }
      if let stream = streams[token] {
        if !stream.handle(token, events, epoll) { streams = streams.filter { $0.value !== stream } }
        return
      }
      for (port, relay) in datagrams where relay.has(token) {
        if let socket = ports[port]?.socket { try? relay.answer(token, through: socket.descriptor) }
      }
    }
  }

  private func number() -> UInt64 {
    next += 1
    return next - 1
  }

  private func serve(_ token: UInt64, _ held: HeldPort) {
    guard let socket = held.socket else { return }
    if held.port.transport == .udp {
      try? datagrams[token]?.receive(from: socket.descriptor, epoll, token: number) { targets.target(held.port, peer: $0.address) }
      return
    }
    do { _ = try accept(held) } catch {
      // Out of descriptors or memory: what waits goes on waiting, and is not asked for in a circle.
      sleepNanoseconds(20_000_000)
    }
  }

  /// Takes one connection that waits; false where none does.
  private func accept(_ held: HeldPort) throws(SystemError) -> Bool {
    guard let socket = held.socket, let (accepted, peer) = try socket.descriptor.acceptConnection() else { return false }
    let client = OwnedDescriptor(accepted)
    guard let target = targets.target(held.port, peer: peer.address) else { return true }
    let server = try beginConnection(transport: TransportProtocol.tcp.number, to: target)
    let tokens = (number(), number())
    let relay = try StreamRelay(client: client, server: server, tokens: tokens, epoll)
    streams[tokens.0] = relay
    streams[tokens.1] = relay
    return true
  }

  /// Gives up what the table no longer has; who asked reads an end when that is done.
  private func compare() {
    guard let caller = try? control.accept() else { return }
    if let published = try? table.read() {
      giveUp(ports.filter { entry in !published.contains { entry.value.port.isSame(as: $0) } }.keys)
    }
    _ = caller
  }

  private func giveUp(_ tokens: some Sequence<UInt64>) {
    for token in Array(tokens) {
      guard let held = ports.removeValue(forKey: token) else { continue }
      // Who is connected to a service is served, whichever member goes.
      if held.port.member != nil, held.port.transport == .tcp { while (try? accept(held)) == true {} }
      if let socket = held.socket { try? epoll.remove(socket.descriptor.rawValue) }
      datagrams[token] = nil
    }
    if ports.isEmpty {
      try? removeFile(controlPath)
      try? removeFile(controlPath.removingLastComponent(), directory: true)
    }
  }
}

extension PublishedPort {
  /// Whether both are one port, whatever part it has in its service just now.
  fileprivate func isSame(as other: PublishedPort) -> Bool {
    transport == other.transport && hostAddress == other.hostAddress && hostPort == other.hostPort && owner == other.owner
  }
}
