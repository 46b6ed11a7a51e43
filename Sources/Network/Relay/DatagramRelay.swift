internal import Linux

/// The conversations of one UDP port through a ``PortKeeper``: each peer has a socket of its own towards the container, so that answers
/// find their way back.
final class DatagramRelay {
  private final class Conversation {
    let peer: SocketAddress
    let socket: OwnedDescriptor
    var lastUsed: UInt64

    init(_ peer: SocketAddress, _ socket: consuming OwnedDescriptor, now: UInt64) {
      self.peer = peer
      self.socket = socket
      lastUsed = now
    }
  }

  /// Nanoseconds without a word after which a conversation is over; docker-proxy's.
  static let patience: UInt64 = 90_000_000_000
  /// So many at once; a sender of forged addresses gets no more.
  private static let limit = 1024

  private var byPeer: [SocketAddress: UInt64] = [:]
  private var byToken: [UInt64: Conversation] = [:]

  func has(_ token: UInt64) -> Bool { byToken[token] != nil }

  /// Hands on one datagram that has come in; `target` says where a new conversation leads, nil for nowhere.
  func receive(
    from socket: borrowing OwnedDescriptor, _ epoll: borrowing Epoll, token: () -> UInt64, target: (SocketAddress) -> SocketAddress?
  ) throws(SystemError) {
    guard let (bytes, peer) = try socket.receiveDatagram() else { return }
    let now = monotonicNanoseconds()
    if let conversation = byPeer[peer].flatMap({ byToken[$0] }) {
      conversation.lastUsed = now
      return conversation.socket.sendDatagram(bytes)
    }
    guard byToken.count < Self.limit, let target = target(peer) else { return }
    let conversation = Conversation(peer, try beginConnection(transport: TransportProtocol.udp.number, to: target), now: now)
    let number = token()
    try epoll.add(conversation.socket.rawValue, .readable, token: number)
    byPeer[peer] = number
    byToken[number] = conversation
    conversation.socket.sendDatagram(bytes)
  }

  /// Hands an answer of the container's back.
  func answer(_ token: UInt64, through socket: borrowing OwnedDescriptor) throws(SystemError) {
    guard let conversation = byToken[token], let (bytes, _) = try conversation.socket.receiveDatagram() else { return }
    conversation.lastUsed = monotonicNanoseconds()
    socket.sendDatagram(bytes, to: conversation.peer)
  }

  /// Ends the conversations that nobody has used for ``patience``.
  func forgetOld(_ epoll: borrowing Epoll) {
    let now = monotonicNanoseconds()
    for (token, conversation) in byToken where now - conversation.lastUsed > Self.patience {
      try? epoll.remove(conversation.socket.rawValue)
      byToken[token] = nil
      byPeer[conversation.peer] = nil
    }
  }
}
