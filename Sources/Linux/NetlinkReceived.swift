internal import CLinux
internal import SystemPackage

/// One message out of a datagram.
struct ReceivedMessage {
  let flags: UInt16
  let sequence: UInt32
  let reply: NetlinkReply

  /// Splits a datagram; throws EBADMSG where a length leads out of it.
  static func all(in bytes: ArraySlice<UInt8>) throws(SystemError) -> [ReceivedMessage] {
    var messages: [ReceivedMessage] = []
    var rest = bytes
    while rest.count >= NetlinkMessage.headerLength {
      guard let length: UInt32 = rest.integer(at: 0), let type: UInt16 = rest.integer(at: 4), let flags: UInt16 = rest.integer(at: 6),
        let sequence: UInt32 = rest.integer(at: 8), length >= NetlinkMessage.headerLength, Int(length) <= rest.count
      else { throw SystemError("recv", "netlink message", .badMessage) }
      let payload = rest[rest.startIndex + NetlinkMessage.headerLength..<rest.startIndex + Int(length)]
      messages.append(ReceivedMessage(flags: flags, sequence: sequence, reply: NetlinkReply(type: type, payload: payload)))
      rest = rest.dropFirst((Int(length) + 3) & ~3)
    }
    return messages
  }

  /// For a message that tells how a request went (NLMSG_ERROR; code 0 is an acknowledgement).
  var outcome: NetlinkOutcome? {
    guard reply.type == UInt16(NLMSG_ERROR), let code: Int32 = reply.payload.integer(at: 0) else { return nil }
    guard code != 0, flags & UInt16(NLM_F_ACK_TLVS) != 0, let length: UInt32 = reply.payload.integer(at: 4) else {
      return NetlinkOutcome(code: code, text: nil)
    }
    // struct nlmsgerr is the code and the request's header, with its body too unless the kernel capped it; then the attributes.
    let capped = flags & UInt16(NLM_F_CAPPED) != 0
    let skipped = 4 + (capped ? NetlinkMessage.headerLength : Int(min(length, 1 << 20)))
    let attributes = try? NetlinkAttributes(reply.payload.dropFirst((skipped + 3) & ~3))
    return NetlinkOutcome(code: code, text: attributes?.text(NLMSGERR_ATTR_MSG.rawValue))
  }
}

/// How a request went: 0 or a negative errno, and what the kernel says about it.
struct NetlinkOutcome {
  let code: Int32
  let text: String?

  func error(_ request: NetlinkRequest) -> SystemError? {
    if code == 0 { return nil }
    let object = [request.object, text.map { "(\($0))" }].compactMap(\.self).joined(separator: " ")
    return SystemError(request.call, object.isEmpty ? nil : object, Errno(rawValue: -code))
  }
}
