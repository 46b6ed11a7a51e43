internal import CLinux
internal import Glibc
internal import SystemPackage

/// A route of the main table or an address of an interface: what addresses it reaches, and over which interface.
package struct NetworkRoute: Sendable {
  /// 4 or 16 bytes; empty for a default route.
  package let destination: [UInt8]
  /// How many leading bits of ``destination`` count.
  package let prefixLength: Int
  package let interface: Int32?
}

/// Addresses are 4 bytes (IPv4) or 16 (IPv6), most significant first; the count tells the family.
extension NetlinkRequest {
  package static func addAddress(_ address: [UInt8], prefixLength: Int, interface: Int32) -> NetlinkRequest {
    var message = NetlinkMessage(type: UInt16(RTM_NEWADDR), flags: [.create, .replace])
    message.append(family(address))
    message.append(UInt8(prefixLength))
    // No duplicate address detection: the lease has made sure, and a tentative address cannot be bound for a second.
    message.append(UInt8(address.count == 16 ? IFA_F_NODAD : 0))
    message.append(UInt8(RT_SCOPE_UNIVERSE.rawValue))
    message.append(interface)
    message.attribute(IFA_LOCAL, bytes: address)
    message.attribute(IFA_ADDRESS, bytes: address)
    if address.count == 4, prefixLength < 31 { message.attribute(IFA_BROADCAST, bytes: broadcast(address, prefixLength)) }
    return NetlinkRequest(message, "add address", "\(address)/\(prefixLength)")
  }

  package static func addDefaultRoute(gateway: [UInt8], interface: Int32) -> NetlinkRequest {
    var message = NetlinkMessage(type: UInt16(RTM_NEWROUTE), flags: [.create, .exclusive])
    message.appendRoute(family(gateway), table: RT_TABLE_MAIN.rawValue)
    message.attribute(RTA_GATEWAY.rawValue, bytes: gateway)
    message.attribute(RTA_OIF.rawValue, interface)
    return NetlinkRequest(message, "add default route via", "\(gateway)")
  }

  private static func family(_ address: [UInt8]) -> UInt8 { UInt8(address.count == 4 ? AF_INET : AF_INET6) }

  private static func broadcast(_ address: [UInt8], _ prefixLength: Int) -> [UInt8] {
    (0..<4).map { index in address[index] | UInt8(truncatingIfNeeded: 0xff >> max(0, min(8, prefixLength - index * 8))) }
  }
}

extension NetlinkSocket {
  /// Every IPv4 route of the main table but the default one: what a new subnet must not overlap.
  package mutating func routes() throws(SystemError) -> [NetworkRoute] {
    var message = NetlinkMessage(type: UInt16(RTM_GETROUTE), flags: .dump)
    message.appendRoute(UInt8(AF_INET), table: RT_TABLE_MAIN.rawValue, asking: true)
    var routes: [NetworkRoute] = []
    for reply in try dump(NetlinkRequest(message, "list routes")) {
      guard reply.type == UInt16(RTM_NEWROUTE), let length: UInt8 = reply.payload.integer(at: 1) else { continue }
      let attributes = try reply.attributes(after: MemoryLayout<rtmsg>.size)
      guard let table: UInt32 = attributes.integer(RTA_TABLE.rawValue), table == UInt32(RT_TABLE_MAIN.rawValue) else { continue }
      guard let destination = attributes[RTA_DST.rawValue] else { continue }
      routes.append(
        NetworkRoute(destination: Array(destination), prefixLength: Int(length), interface: attributes.integer(RTA_OIF.rawValue)))
    }
    return routes
  }

  /// The interface that packets to `address` leave by; nil where no route leads there.
  package mutating func interface(towards address: [UInt8]) throws(SystemError) -> Int32? {
    var message = NetlinkMessage(type: UInt16(RTM_GETROUTE))
    message.appendRoute(
      UInt8(address.count == 4 ? AF_INET : AF_INET6), table: RT_TABLE_UNSPEC.rawValue, destinationLength: UInt8(address.count * 8),
      asking: true)
    message.attribute(RTA_DST.rawValue, bytes: address)
    do {
      let reply = try get(NetlinkRequest(message, "get route to", "\(address)"))
      return try reply.attributes(after: MemoryLayout<rtmsg>.size).integer(RTA_OIF.rawValue)
    } catch {
      if error.errno == .networkUnreachable { return nil }
      throw error
    }
  }

  /// The addresses of one interface: 4 or 16 bytes each, with their prefix lengths. `lasting` are those of global scope that
  /// somebody gave it and no protocol.
  package mutating func addresses(interface: Int32, lasting: Bool = false) throws(SystemError) -> [(address: [UInt8], prefixLength: Int)] {
    var message = NetlinkMessage(type: UInt16(RTM_GETADDR), flags: .dump)
    message.append(UInt32(0))
    message.append(interface)
    var addresses: [(address: [UInt8], prefixLength: Int)] = []
    for reply in try dump(NetlinkRequest(message, "list addresses")) {
      guard let length: UInt8 = reply.payload.integer(at: 1), let index: Int32 = reply.payload.integer(at: 4), index == interface else {
        continue
      }
      let attributes = try reply.attributes(after: MemoryLayout<ifaddrmsg>.size)
      let flags: UInt8 = reply.payload.integer(at: 2) ?? 0, scope: UInt8 = reply.payload.integer(at: 3) ?? 0
      if lasting, flags & UInt8(IFA_F_PERMANENT) == 0 || scope != UInt8(RT_SCOPE_UNIVERSE.rawValue) { continue }
      guard let address = attributes[IFA_LOCAL] ?? attributes[IFA_ADDRESS] else { continue }
      addresses.append((Array(address), Int(length)))
    }
    return addresses
  }
}

extension NetlinkMessage {
  /// struct rtmsg.
  fileprivate mutating func appendRoute(_ family: UInt8, table: some BinaryInteger, destinationLength: UInt8 = 0, asking: Bool = false) {
    append(family)
    append(destinationLength)
    append(UInt16(0))  // source length, TOS
    append(UInt8(table))
    append(UInt8(asking ? 0 : RTPROT_STATIC))
    append(UInt8(RT_SCOPE_UNIVERSE.rawValue))
    append(UInt8(asking ? 0 : RTN_UNICAST))
    append(UInt32(0))
  }
}
