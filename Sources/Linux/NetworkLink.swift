internal import CLinux
internal import Glibc
internal import SystemPackage

/// A network interface as rtnetlink(7) describes it.
package struct NetworkLink: Sendable {
  package let index: Int32
  package let name: String
  /// The driver's word for what it is: `bridge`, `veth`; nil for hardware and loopback.
  package let kind: String?
  package let hardwareAddress: [UInt8]
  package let isUp: Bool
  /// The index of the bridge that it is a port of.
  package let master: Int32?
  /// The alias that its maker left on it (`ip link set … alias`).
  package let alias: String?
  package let mtu: UInt32

  init(_ reply: NetlinkReply) throws(SystemError) {
    guard reply.type == UInt16(RTM_NEWLINK), let index: Int32 = reply.payload.integer(at: 4),
      let flags: UInt32 = reply.payload.integer(at: 8)
    else { throw SystemError("get link", nil, .badMessage) }
    let attributes = try reply.attributes(after: MemoryLayout<ifinfomsg>.size)
    self.index = index
    isUp = flags & UInt32(IFF_UP) != 0
    name = attributes.text(IFLA_IFNAME) ?? ""
    kind = try attributes.nested(IFLA_LINKINFO)?.text(IFLA_INFO_KIND)
    hardwareAddress = Array(attributes[IFLA_ADDRESS] ?? [])
    master = attributes.integer(IFLA_MASTER)
    alias = attributes.text(IFLA_IFALIAS)
    mtu = attributes.integer(IFLA_MTU) ?? 0
  }
}

extension NetlinkSocket {
  /// The interface of that name; nil where there is none.
  package mutating func link(named name: String) throws(SystemError) -> NetworkLink? {
    var message = NetlinkMessage(type: UInt16(RTM_GETLINK))
    message.appendInterface()
    message.attribute(IFLA_IFNAME, name)
    do { return try NetworkLink(get(NetlinkRequest(message, "get link", quoted(name)))) } catch {
      if error.errno.rawValue == ENODEV { return nil }
      throw error
    }
  }

  /// The interface with that index; nil where there is none.
  package mutating func link(index: Int32) throws(SystemError) -> NetworkLink? {
    var message = NetlinkMessage(type: UInt16(RTM_GETLINK))
    message.appendInterface(index)
    do { return try NetworkLink(get(NetlinkRequest(message, "get link", "\(index)"))) } catch {
      if error.errno.rawValue == ENODEV { return nil }
      throw error
    }
  }

  /// Every interface of the namespace.
  package mutating func links() throws(SystemError) -> [NetworkLink] {
    var message = NetlinkMessage(type: UInt16(RTM_GETLINK), flags: .dump)
    message.appendInterface()
    var links: [NetworkLink] = []
    for reply in try dump(NetlinkRequest(message, "list links")) { links.append(try NetworkLink(reply)) }
    return links
  }
}

/// The other end of a veth pair, in another namespace from the moment it exists.
package struct VethPeer: Sendable {
  package var name: String
  /// A descriptor of the network namespace, open until the request is performed.
  package var namespace: Int32
  package var hardwareAddress: [UInt8]

  package init(name: String, namespace: Int32, hardwareAddress: [UInt8]) {
    self.name = name
    self.namespace = namespace
    self.hardwareAddress = hardwareAddress
  }
}

extension NetlinkRequest {
  /// A bridge that is up. Its hardware address is set, for else it would change with its ports.
  package static func addBridge(_ name: String, hardwareAddress: [UInt8], mtu: UInt32?) -> NetlinkRequest {
    var message = NetlinkMessage(type: UInt16(RTM_NEWLINK), flags: [.create, .exclusive])
    message.appendInterface(up: true)
    message.attribute(IFLA_IFNAME, name)
    message.attribute(IFLA_ADDRESS, bytes: hardwareAddress)
    if let mtu { message.attribute(IFLA_MTU, mtu) }
    message.nested(IFLA_LINKINFO) { $0.attribute(IFLA_INFO_KIND, "bridge") }
    return NetlinkRequest(message, "add bridge", quoted(name))
  }

  /// A veth pair: `name` here, up, a port of `bridge`; the peer down in its namespace (veth(4)).
  package static func addVeth(_ name: String, bridge: Int32, peer: VethPeer, mtu: UInt32?) -> NetlinkRequest {
    var message = NetlinkMessage(type: UInt16(RTM_NEWLINK), flags: [.create, .exclusive])
    message.appendInterface(up: true)
    message.attribute(IFLA_IFNAME, name)
    message.attribute(IFLA_MASTER, bridge)
    if let mtu { message.attribute(IFLA_MTU, mtu) }
    message.nested(IFLA_LINKINFO) { information in
      information.attribute(IFLA_INFO_KIND, "veth")
      information.nested(IFLA_INFO_DATA) { data in
        data.nested(VETH_INFO_PEER) { other in
          other.appendInterface()  // its driver refuses to be up before the pair is tied (ENOTCONN)
          other.attribute(IFLA_IFNAME, peer.name)
          other.attribute(IFLA_ADDRESS, bytes: peer.hardwareAddress)
          if let mtu { other.attribute(IFLA_MTU, mtu) }
          other.attribute(IFLA_NET_NS_FD, peer.namespace)
        }
      }
    }
    return NetlinkRequest(message, "add veth", quoted(name))
  }

  /// Lets a bridge port send frames back to where they came from: a container that calls its own published port needs it.
  package static func setHairpin(_ name: String) -> NetlinkRequest {
    var message = NetlinkMessage(type: UInt16(RTM_NEWLINK))
    message.appendInterface()
    message.attribute(IFLA_IFNAME, name)
    message.nested(IFLA_LINKINFO) { information in
      information.attribute(IFLA_INFO_SLAVE_KIND, "bridge")
      information.nested(IFLA_INFO_SLAVE_DATA) { $0.attribute(IFLA_BRPORT_MODE, UInt8(1)) }
    }
    return NetlinkRequest(message, "set hairpin mode of", quoted(name))
  }

  package static func setLinkUp(_ index: Int32) -> NetlinkRequest {
    var message = NetlinkMessage(type: UInt16(RTM_NEWLINK))
    message.appendInterface(index, up: true)
    return NetlinkRequest(message, "set link up", "\(index)")
  }

  package static func setLinkDown(_ index: Int32) -> NetlinkRequest {
    var message = NetlinkMessage(type: UInt16(RTM_NEWLINK))
    message.appendInterface(index, down: true)
    return NetlinkRequest(message, "set link down", "\(index)")
  }

  /// Moves a link that is down into another namespace, under the name that it is to have there, in one step.
  package static func moveLink(_ index: Int32, to namespace: Int32, as name: String) -> NetlinkRequest {
    var message = NetlinkMessage(type: UInt16(RTM_NEWLINK))
    message.appendInterface(index)
    message.attribute(IFLA_IFNAME, name)
    message.attribute(IFLA_NET_NS_FD, namespace)
    return NetlinkRequest(message, "move link to", quoted(name))
  }

  /// Leaves a text on a link for whoever looks at it (at most 255 bytes); not taken when it is made.
  package static func setAlias(_ alias: String, of index: Int32) -> NetlinkRequest {
    var message = NetlinkMessage(type: UInt16(RTM_NEWLINK))
    message.appendInterface(index)
    message.attribute(IFLA_IFALIAS, bytes: alias.utf8)
    return NetlinkRequest(message, "set alias of link", "\(index)")
  }

  package static func deleteLink(_ name: String) -> NetlinkRequest {
    var message = NetlinkMessage(type: UInt16(RTM_DELLINK))
    message.appendInterface()
    message.attribute(IFLA_IFNAME, name)
    return NetlinkRequest(message, "delete link", quoted(name))
  }
}

extension NetlinkMessage {
  /// struct ifinfomsg.
  fileprivate mutating func appendInterface(_ index: Int32 = 0, up: Bool = false, down: Bool = false) {
    append(UInt32(0))  // family, padding, type
    append(index)
    append(up ? UInt32(IFF_UP) : 0)
    append(up || down ? UInt32(IFF_UP) : 0)
  }
}
