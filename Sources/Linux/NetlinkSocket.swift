internal import CLinux
internal import Glibc
internal import SystemPackage

/// A socket to one of the kernel's netlink families, in the network namespace that the caller is in when it is made.
///
/// The kernel works a request off before send(2) returns, so that an answer is there at once; a lost one would block, never spin.
package struct NetlinkSocket: ~Copyable {
  package enum Family: Sendable {
    /// rtnetlink(7): links, addresses, routes.
    case route
    /// nfnetlink: nf_tables and the connection tracking table.
    case netfilter
  }

  private let descriptor: OwnedDescriptor
  /// For ``orphan(keeping:_:)``.
  package var rawValue: Int32 { descriptor.rawValue }
  private var sequence: UInt32 = 0
  private var sendBuffer = 1 << 16
  private var buffer = [UInt8](repeating: 0, count: 1 << 16)

  package init(_ family: Family) throws(SystemError) {
    let number = family == .route ? NETLINK_ROUTE : NETLINK_NETFILTER
    let opened = OwnedDescriptor(
      try valueOrError("socket", "netlink \(family)") { socket(AF_NETLINK, Int32(SOCK_RAW.rawValue | SOCK_CLOEXEC.rawValue), number) })
    // With an error the kernel then says what it did not like, and does not send the request back.
    for option in [NETLINK_EXT_ACK, NETLINK_CAP_ACK, NETLINK_GET_STRICT_CHK] {
      try Self.setOption(opened, SOL_NETLINK, option, 1)
    }
    descriptor = opened
  }

  /// Sends the requests in order, in one go, and waits until each is done. The first that failed is thrown; those behind it were still tried.
  package mutating func perform(_ requests: [NetlinkRequest]) throws(SystemError) {
    if requests.isEmpty { return }
    let first = sequence &+ 1
    var bytes: [UInt8] = []
    for var request in requests {
      sequence &+= 1
      request.message.finish(sequence: sequence, acknowledged: true)
      bytes += request.message.bytes
    }
    try send(bytes)
    var failure: SystemError?
    var waiting = requests.count
    while waiting > 0 {
      for message in try receive() {
        guard let outcome = message.outcome, message.sequence &- first < UInt32(requests.count) else { continue }
        waiting -= 1
        if let error = outcome.error(requests[Int(message.sequence &- first)]), failure == nil { failure = error }
      }
    }
    if let failure { throw failure }
  }

  /// As ``perform(_:)`` for requests of nf_tables, all or none (NFNL_MSG_BATCH_BEGIN). With `generation` only if nothing in any table has
  /// changed since that generation was read: else ERESTART (`Errno(rawValue: 85)`).
  package mutating func transact(_ requests: [NetlinkRequest], generation: UInt32? = nil) throws(SystemError) {
    if requests.isEmpty { return }
    var bytes: [UInt8] = []
    let first = sequence &+ 1
    let begin = NetlinkRequest(.batch(UInt16(NFNL_MSG_BATCH_BEGIN), generation: generation), "change nftables")
    let end = NetlinkRequest(.batch(UInt16(NFNL_MSG_BATCH_END), generation: nil), "change nftables")
    let all = [begin] + requests + [end]
    for (index, var request) in all.enumerated() {
      sequence &+= 1
      request.message.finish(sequence: sequence, acknowledged: index == all.count - 2)
      bytes += request.message.bytes
    }
    try send(bytes)
    var failure: SystemError?
    var answered = false
    // Errors come in the order of the requests, the one acknowledgement asked for with them; kernels before 6.10 know none for the end.
    while !answered {
      for message in try receive() {
        guard let outcome = message.outcome, message.sequence &- first < UInt32(all.count) else { continue }
        answered = true
        if let error = outcome.error(all[Int(message.sequence &- first)]), failure == nil { failure = error }
      }
    }
    if let failure { throw failure }
  }

  /// Sends one request and returns the one message that answers it.
  package mutating func get(_ request: NetlinkRequest) throws(SystemError) -> NetlinkReply {
    var request = request
    sequence &+= 1
    request.message.finish(sequence: sequence, acknowledged: false)
    try send(request.message.bytes)
    while true {
      for message in try receive() where message.sequence == sequence {
        if let error = message.outcome?.error(request) { throw error }
        return message.reply
      }
    }
  }

  /// Sends one request with ``NetlinkMessage/Flags/dump`` and returns all that it brings; again from the start where the kernel
  /// says that what it was listing changed meanwhile (NLM_F_DUMP_INTR).
  package mutating func dump(_ request: NetlinkRequest) throws(SystemError) -> [NetlinkReply] {
    for _ in 0..<32 {
      var request = request
      var replies: [NetlinkReply] = []
      var interrupted = false
      sequence &+= 1
      request.message.finish(sequence: sequence, acknowledged: false)
      try send(request.message.bytes)
      var done = false
      while !done {
        for message in try receive() where message.sequence == sequence {
          if message.flags & UInt16(NLM_F_DUMP_INTR) != 0 { interrupted = true }
          if message.reply.type == UInt16(NLMSG_DONE) {
            done = true
          } else if let error = message.outcome?.error(request) {
            throw error
          } else {
            replies.append(message.reply)
          }
        }
      }
      if !interrupted { return replies }
    }
    throw SystemError(request.call, request.object, .interrupted)
  }

  private mutating func send(_ bytes: [UInt8]) throws(SystemError) {
    // A message must fit into the socket's buffer whole (netlink_sendmsg: EMSGSIZE).
    if bytes.count > sendBuffer - 64 {
      sendBuffer = bytes.count * 2
      try Self.setOption(descriptor, SOL_SOCKET, SO_SNDBUFFORCE, Int32(clamping: sendBuffer))
    }
    let descriptor = descriptor.rawValue
    try nothingOrError("send", "netlink") {
      unsafe bytes.span.bytes.withUnsafeBytes { bytes in unsafe Glibc.send(descriptor, bytes.baseAddress, bytes.count, 0) }
    }
  }

  /// The messages of one datagram from the kernel.
  private mutating func receive() throws(SystemError) -> [ReceivedMessage] {
    let descriptor = descriptor.rawValue
    var sender = sockaddr_nl()
    var count = 0
    repeat {
      var length = socklen_t(MemoryLayout<sockaddr_nl>.size)
      var span = buffer.mutableSpan
      count = try unsafe span.withUnsafeMutableBytes { (buffer) throws(SystemError) in
        try valueOrError("recv", "netlink") {
          unsafe withUnsafeMutablePointer(to: &sender) { sender in
            unsafe sender.withMemoryRebound(to: sockaddr.self, capacity: 1) { sender in
              unsafe recvfrom(descriptor, buffer.baseAddress, buffer.count, Int32(MSG_TRUNC), sender, &length)
            }
          }
        }
      }
    } while sender.nl_pid != 0  // not from the kernel
    if count > buffer.count { throw SystemError("recv", "netlink", .badMessage) }
    return try ReceivedMessage.all(in: buffer[..<count])
  }

  private static func setOption(_ socket: borrowing OwnedDescriptor, _ level: Int32, _ option: Int32, _ value: Int32) throws(SystemError) {
    var value = value
    let descriptor = socket.rawValue
    try nothingOrError("setsockopt", "netlink") {
      unsafe setsockopt(descriptor, level, option, &value, socklen_t(MemoryLayout<Int32>.size))
    }
  }
}

extension NetlinkMessage {
  fileprivate static func batch(_ type: UInt16, generation: UInt32?) -> NetlinkMessage {
    var message = NetlinkMessage(type: type)
    message.append(UInt8(0))
    message.append(UInt8(NFNETLINK_V0))
    message.append(UInt16(NFNL_SUBSYS_NFTABLES).bigEndian)
    if let generation { message.attribute(NFNL_BATCH_GENID.rawValue, bigEndian: generation) }
    return message
  }
}
