internal import Linux
package import SystemPackage

/// Sockets of another network namespace: where an ordinary user's tools run in a namespace of their own, one process outside of it binds the
/// host's ports for them and hands them in, at `$TOTE_RUN/ports/broker`.
///
/// A request is a message `tcp 0.0.0.0 4000 own` (or `shared`); the answer is `held` with the socket, `taken` and who has it, or `error` and a
/// number of errno(3).
package struct PortBroker {
  enum Answer {
    case held(HeldPort.Socket)
    case taken(String)
    case failed(Errno)
  }

  private let path: FilePath

  package init(_ runRoot: FilePath) { path = runRoot.appending("ports/broker") }

  /// Asks for a port; nil where there is no broker, and the port is to be taken in the caller's own namespace.
  func take(_ port: PublishedPort) throws(SystemError) -> Answer? {
    let socket = try OwnedDescriptor.unixSocket(stream: false)
    do { try socket.connect(to: path) } catch {
      if error.errno == .noSuchFileOrDirectory || error.errno == .connectionRefused { return nil }
      throw error
    }
    let sharing = port.member == nil ? "own" : "shared"
    try socket.send(Array("\(port.transport) \(port.hostAddress) \(port.hostPort) \(sharing)".utf8))
    guard let message = try socket.receive() else { throw SystemError("ask for port", quoted(path), .connectionReset) }
    let words = String(decoding: message.bytes, as: UTF8.self).split(separator: " ", maxSplits: 1).map(String.init)
    switch words.first {
    case "held": return message.descriptors.first.map { .held(HeldPort.Socket(OwnedDescriptor($0))) }
    case "taken": return .taken(words.count > 1 ? words[1] : "")
    default: return .failed(Errno(rawValue: words.last.flatMap { Int32($0) } ?? 5))
    }
  }

  /// Serves until `process` ends. Whoever may connect may bind ports as the caller: the socket is in a directory of the caller's alone.
  package func serve(until process: Int32) throws(NetworkError) {
    try attempting("serve ports") { () throws(SystemError) in
      let alive = try openProcess(process)
      try makeDirectories(path.removingLastComponent())
      try? removeFile(path)
      let listener = try OwnedDescriptor.unixSocket(stream: false)
      try listener.listen(at: path, backlog: 128)
      let epoll = try Epoll()
      try epoll.add(alive.rawValue, .readable, token: 0)
      try epoll.add(listener.rawValue, .readable, token: 1)
      while let event = try epoll.wait(milliseconds: -1), event.token == 1 {
        // One that says nothing, or goes away, must not keep the others waiting.
        let client = try listener.accept()
        if try client.isReadable(within: 1000) { try? answer(client) }
      }
      try? removeFile(path)
    }
  }

  private func answer(_ client: borrowing OwnedDescriptor) throws(SystemError) {
    guard let message = try client.receive(limit: 256) else { return }
    let words = String(decoding: message.bytes, as: UTF8.self).split(separator: " ").map(String.init)
    guard words.count == 4, let transport = TransportProtocol(rawValue: words[0]), let host = HostAddress(words[1]),
      let number = UInt16(words[2]), number > 0
    else { return try client.send(Array("error \(Errno.invalidArgument.rawValue)".utf8)) }
    do throws(SystemError) {
      let address = SocketAddress(host.bytes, port: number)
      switch try bindPort(transport: transport.number, address, isShared: words[3] == "shared") {
      case .some(let socket): try client.send(Array("held".utf8), descriptors: [socket.rawValue])
      case .none: try client.send(Array("taken \(SocketOwner.describe(transport, number) ?? "")".utf8))
      }
    } catch {
      try client.send(Array("error \(error.errno.rawValue)".utf8))
    }
  }
}
