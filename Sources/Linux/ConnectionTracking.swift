internal import CLinux
internal import SystemPackage

extension NetlinkSocket {
  /// Forgets the connections that came in for a port of this host, so that their next packet is looked up anew: without it a UDP peer that
  /// keeps sending keeps reaching what the port led to before. Returns how many there were.
  ///
  /// - Parameters:
  ///   - transport: the protocol's number.
  ///   - ports: the ports that they were first addressed to.
  @discardableResult
  package mutating func forgetConnections(transport: UInt8, ports: Set<UInt16>) throws(SystemError) -> Int {
    if ports.isEmpty { return 0 }
    var message = Self.tracking(IPCTNL_MSG_CT_GET.rawValue, flags: .dump)
    if let port = ports.first, ports.count == 1 {
      // The kernel sends only those of one port (since 5.8; before it sends all).
      message.nested(CTA_TUPLE_ORIG.rawValue) {
        $0.nested(CTA_TUPLE_PROTO.rawValue) {
          $0.attribute(CTA_PROTO_NUM.rawValue, transport)
          $0.attribute(CTA_PROTO_DST_PORT.rawValue, bigEndian: port)
        }
      }
      // CTA_FILTER's flags: protocol number (bit 3) and destination port (bit 5) of the original direction.
      message.nested(CTA_FILTER.rawValue) {
        $0.attribute(1, UInt32(1 << 3 | 1 << 5))
        $0.attribute(2, UInt32(0))
      }
    }
    var requests: [NetlinkRequest] = []
    for reply in try dump(NetlinkRequest(message, "list connections")) {
      let attributes = try reply.attributes(after: 4)
      guard let tuple = attributes[CTA_TUPLE_ORIG.rawValue],
        let inner = try NetlinkAttributes(tuple).nested(CTA_TUPLE_PROTO.rawValue),
        let number: UInt8 = inner.integer(CTA_PROTO_NUM.rawValue), number == transport,
        let port: UInt16 = inner.integer(CTA_PROTO_DST_PORT.rawValue), ports.contains(UInt16(bigEndian: port))
      else { continue }
      var delete = Self.tracking(IPCTNL_MSG_CT_DELETE.rawValue)
      delete.attribute(CTA_TUPLE_ORIG.rawValue | UInt32(NLA_F_NESTED), bytes: tuple)
      if let identifier = attributes[CTA_ID.rawValue] { delete.attribute(CTA_ID.rawValue, bytes: identifier) }
      requests.append(NetlinkRequest(delete, "forget connection"))
    }
    do { try perform(requests) } catch {
      // Some ended by themselves in between.
      if error.errno != .noSuchFileOrDirectory { throw error }
    }
    return requests.count
  }

  /// How many TCP connections to these IPv4 addresses, as the peers' answers have them, have not been closed, and how many others are known.
  package mutating func openConnections(to addresses: Set<[UInt8]>) throws(SystemError) -> Int {
    var count = 0
    for reply in try dump(NetlinkRequest(Self.tracking(IPCTNL_MSG_CT_GET.rawValue, flags: .dump), "list connections")) {
      let attributes = try reply.attributes(after: 4)
      guard let answer = try attributes.nested(CTA_TUPLE_REPLY.rawValue)?.nested(CTA_TUPLE_IP.rawValue),
        let source = answer[CTA_IP_V4_SRC.rawValue], addresses.contains(Array(source))
      else { continue }
      let state: UInt8? = try attributes.nested(CTA_PROTOINFO.rawValue)?.nested(CTA_PROTOINFO_TCP.rawValue)?
        .integer(CTA_PROTOINFO_TCP_STATE.rawValue)
      // TIME_WAIT is 7 and CLOSE 8: nothing is under way there.
      if state ?? 0 < 7 { count += 1 }
    }
    return count
  }

  private static func tracking(_ type: UInt32, flags: NetlinkMessage.Flags = []) -> NetlinkMessage {
    var message = NetlinkMessage(type: UInt16(NFNL_SUBSYS_CTNETLINK) << 8 | UInt16(type), flags: flags)
    message.append(UInt8(2))  // AF_INET
    message.append(UInt8(NFNETLINK_V0))
    message.append(UInt16(0))
    return message
  }
}
