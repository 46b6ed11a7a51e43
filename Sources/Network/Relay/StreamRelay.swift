internal import Linux
internal import SystemPackage

/// One TCP connection through a ``PortKeeper``: what either side sends goes to the other, an end of writing too.
final class StreamRelay {
  /// One of the two connections, and what is on its way to it.
  private struct Side: ~Copyable {
    let descriptor: OwnedDescriptor
    let token: UInt64
    /// Whether it has sent its last.
    var hasEnded = false
    var pending: ArraySlice<UInt8> = []
    var interest: Epoll.Events = []

    init(_ descriptor: consuming OwnedDescriptor, token: UInt64) {
      self.descriptor = descriptor
      self.token = token
    }

    /// Sends what it takes of what is pending.
    mutating func flush() throws(SystemError) {
      while !pending.isEmpty {
        let count = try writeAvailable(descriptor.rawValue, pending)
        if count == 0 { return }
        pending = pending.dropFirst(count)
      }
      pending = []
    }

    /// Takes what there is into the other side's hands.
    mutating func move(to other: inout Side) throws(SystemError) {
      guard other.pending.isEmpty, !hasEnded, let bytes = try readAvailable(descriptor.rawValue) else { return }
      if bytes.isEmpty { hasEnded = true } else { other.pending = bytes[...] }
      try other.flush()
      if hasEnded { try other.descriptor.endWriting() }
    }

    mutating func watch(_ epoll: borrowing Epoll, reading: Bool) throws(SystemError) {
      var wanted: Epoll.Events = pending.isEmpty ? [] : .writable
      if reading, !hasEnded { wanted.insert(.readable) }
      if wanted != interest { try epoll.modify(descriptor.rawValue, wanted, token: token) }
      interest = wanted
    }
  }

  private var client: Side
  private var server: Side

  /// - Parameter tokens: the two that events of the client's and the container's side come with.
  init(
    client: consuming OwnedDescriptor, server: consuming OwnedDescriptor, tokens: (UInt64, UInt64), _ epoll: borrowing Epoll
  ) throws(SystemError) {
    self.client = Side(client, token: tokens.0)
    self.server = Side(server, token: tokens.1)
    try self.client.descriptor.keepAlive()
    try self.server.descriptor.keepAlive()
    self.client.interest = .readable
    // A connection that is being made is there when it can be written to.
    self.server.interest = [.readable, .writable]
    try epoll.add(self.client.descriptor.rawValue, self.client.interest, token: tokens.0)
    try epoll.add(self.server.descriptor.rawValue, self.server.interest, token: tokens.1)
  }

  /// Answers an event of either side; false when the connection is over.
  func handle(_ token: UInt64, _ events: Epoll.Events, _ epoll: borrowing Epoll) -> Bool {
    do {
      if token == client.token {
        try advance(&client, &server, events)
      } else {
        try advance(&server, &client, events)
      }
      if client.hasEnded, server.hasEnded, client.pending.isEmpty, server.pending.isEmpty { return false }
      try client.watch(epoll, reading: server.pending.isEmpty)
      try server.watch(epoll, reading: client.pending.isEmpty)
      return true
    } catch {
      return false
    }
  }

  private func advance(_ side: inout Side, _ other: inout Side, _ events: Epoll.Events) throws(SystemError) {
    if events.contains(.writable) { try side.flush() }
    // Nothing can come from or go to a side that has hung up and whose end is known.
    if !events.isDisjoint(with: [.hangup, .error]), side.hasEnded { throw SystemError("relay", "", .connectionReset) }
    if !events.isDisjoint(with: [.readable, .hangup, .error]) { try side.move(to: &other) }
  }
}
