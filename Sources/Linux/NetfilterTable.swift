internal import CLinux
internal import SystemPackage

/// A set or a map of nf_tables. A key or a value is a row of fields, each padded to four bytes.
package struct NetfilterSet: Sendable {
  /// nft's own numbers for types; the kernel stores them for nft to print the set by, six bits a field (libnftables, `enum datatypes`).
  package enum Field: UInt32, Sendable {
    case address = 7
    case transportProtocol = 12
    case port = 13
    case mark = 19
    case interfaceName = 41

    var length: UInt32 { self == .interfaceName ? 16 : 4 }
  }

  package let name: String
  package let key: [Field]
  /// Empty for a set.
  package let value: [Field]
  /// Whether the keys are ranges: each is given as its first element and the one behind its last.
  package let isInterval: Bool

  package init(_ name: String, key: [Field], value: [Field] = [], isInterval: Bool = false) {
    self.name = name
    self.key = key
    self.value = value
    self.isInterval = isInterval
  }

  private static func type(_ fields: [Field]) -> UInt32 { fields.reduce(0) { $0 << 6 | $1.rawValue } }
  private static func length(_ fields: [Field]) -> UInt32 { fields.reduce(0) { $0 + $1.length } }

  func encode(into message: inout NetlinkMessage, identifier: UInt32) {
    message.attribute(NFTA_SET_NAME.rawValue, name)
    var flags: UInt32 = 0
    if !value.isEmpty { flags |= UInt32(NFT_SET_MAP.rawValue) }
    if isInterval { flags |= UInt32(NFT_SET_INTERVAL.rawValue) }
    message.attribute(NFTA_SET_FLAGS.rawValue, bigEndian: flags)
    message.attribute(NFTA_SET_KEY_TYPE.rawValue, bigEndian: Self.type(key))
    message.attribute(NFTA_SET_KEY_LEN.rawValue, bigEndian: Self.length(key))
    if !value.isEmpty {
      message.attribute(NFTA_SET_DATA_TYPE.rawValue, bigEndian: Self.type(value))
      message.attribute(NFTA_SET_DATA_LEN.rawValue, bigEndian: Self.length(value))
    }
    message.attribute(NFTA_SET_ID.rawValue, bigEndian: identifier)
    // libnftnl's user data: type 0 is the byte order that nft prints a key of one field in, 1 this host's, 2 the network's.
    let order: UInt8 = key.count > 1 ? 0 : key == [.interfaceName] ? 1 : 2
    message.attribute(NFTA_SET_USERDATA.rawValue, bytes: [0, 4, order, 0, 0, 0])
  }
}

/// One element of a set or map: the bytes of its key and value as ``NetfilterSet/Field`` lays them out.
package struct NetfilterElement: Hashable, Sendable {
  package let key: [UInt8]
  package let value: [UInt8]
  /// In an interval set: the key is the first one that no longer belongs to the range.
  package let endsInterval: Bool

  package init(key: [UInt8], value: [UInt8] = [], endsInterval: Bool = false) {
    self.key = key
    self.value = value
    self.endsInterval = endsInterval
  }

  func encode(into list: inout NetlinkMessage) {
    list.nested(NFTA_LIST_ELEM.rawValue) { element in
      if endsInterval {
        element.attribute(NFTA_SET_ELEM_FLAGS.rawValue, bigEndian: UInt32(NFT_SET_ELEM_INTERVAL_END.rawValue))
      }
      element.nested(NFTA_SET_ELEM_KEY.rawValue) { $0.attribute(NFTA_DATA_VALUE.rawValue, bytes: key) }
      if !value.isEmpty {
        element.nested(NFTA_SET_ELEM_DATA.rawValue) { $0.attribute(NFTA_DATA_VALUE.rawValue, bytes: value) }
      }
    }
  }

  init(_ attributes: NetlinkAttributes) throws(SystemError) {
    key = Array(try attributes.nested(NFTA_SET_ELEM_KEY.rawValue)?[NFTA_DATA_VALUE.rawValue] ?? [])
    value = Array(try attributes.nested(NFTA_SET_ELEM_DATA.rawValue)?[NFTA_DATA_VALUE.rawValue] ?? [])
    let flags: UInt32 = attributes.integer(NFTA_SET_ELEM_FLAGS.rawValue) ?? 0
    endsInterval = UInt32(bigEndian: flags) & UInt32(NFT_SET_ELEM_INTERVAL_END.rawValue) != 0
  }
}

/// Where a base chain hangs in the kernel's path of a packet (nft(8), "chains").
package struct NetfilterHook: Sendable {
  /// `NF_INET_*`
  package enum Point: UInt32, Sendable {
    case prerouting = 0
    case input, forward, output, postrouting
  }
  package let type: String
  package let point: Point
  package let priority: Int32

  package init(_ type: String, _ point: Point, priority: Int32) {
    self.type = type
    self.point = point
    self.priority = priority
  }
}

/// The name of one IPv4 table of nf_tables, and the requests that make and change what is in it.
package struct NetfilterTable: Sendable {
  package let name: String
  package init(_ name: String) { self.name = name }

  /// Makes the table; EEXIST where it is there. `comment` (at most 128 bytes) stays with it and is shown by nft.
  package func create(comment: String) -> NetlinkRequest {
    var message = Self.message(NFT_MSG_NEWTABLE.rawValue, flags: [.create, .exclusive])
    message.attribute(NFTA_TABLE_NAME.rawValue, name)
    // libnftnl's user data: type 0 is the comment, with its length and a terminating zero.
    let text = Array(comment.utf8.prefix(128)) + [0]
    message.attribute(NFTA_TABLE_USERDATA.rawValue, bytes: [0, UInt8(text.count)] + text)
    return NetlinkRequest(message, "add table", quoted(name))
  }

  package func delete() -> NetlinkRequest {
    var message = Self.message(NFT_MSG_DELTABLE.rawValue)
    message.attribute(NFTA_TABLE_NAME.rawValue, name)
    return NetlinkRequest(message, "delete table", quoted(name))
  }

  package func addChain(_ chain: String, hook: NetfilterHook? = nil) -> NetlinkRequest {
    var message = Self.message(NFT_MSG_NEWCHAIN.rawValue, flags: .create)
    message.attribute(NFTA_CHAIN_TABLE.rawValue, name)
    message.attribute(NFTA_CHAIN_NAME.rawValue, chain)
    if let hook {
      message.attribute(NFTA_CHAIN_TYPE.rawValue, hook.type)
      message.nested(NFTA_CHAIN_HOOK.rawValue) {
        $0.attribute(NFTA_HOOK_HOOKNUM.rawValue, bigEndian: hook.point.rawValue)
        $0.attribute(NFTA_HOOK_PRIORITY.rawValue, bigEndian: hook.priority)
      }
    }
    return NetlinkRequest(message, "add chain", quoted(chain))
  }

  package func addRule(_ chain: String, _ expressions: [NetfilterExpression]) -> NetlinkRequest {
    var message = Self.message(NFT_MSG_NEWRULE.rawValue, flags: [.create, .append])
    message.attribute(NFTA_RULE_TABLE.rawValue, name)
    message.attribute(NFTA_RULE_CHAIN.rawValue, chain)
    message.nested(NFTA_RULE_EXPRESSIONS.rawValue) { list in
      for expression in expressions { expression.encode(into: &list) }
    }
    return NetlinkRequest(message, "add rule to", quoted(chain))
  }

  /// `identifier` tells the sets of one transaction apart.
  package func addSet(_ set: NetfilterSet, identifier: UInt32) -> NetlinkRequest {
    var message = Self.message(NFT_MSG_NEWSET.rawValue, flags: .create)
    message.attribute(NFTA_SET_TABLE.rawValue, name)
    set.encode(into: &message, identifier: identifier)
    return NetlinkRequest(message, "add set", quoted(set.name))
  }

  /// Adds elements, as many requests as their number needs. With `exclusive` one that is there already is EEXIST.
  package func addElements(_ elements: [NetfilterElement], to set: NetfilterSet, exclusive: Bool) -> [NetlinkRequest] {
    change(NFT_MSG_NEWSETELEM.rawValue, flags: exclusive ? [.create, .exclusive] : .create, elements, set, "add element to")
  }

  /// Removes elements; one that is not there is ENOENT.
  package func removeElements(_ elements: [NetfilterElement], from set: NetfilterSet) -> [NetlinkRequest] {
    change(
      NFT_MSG_DELSETELEM.rawValue, flags: [], elements.map { NetfilterElement(key: $0.key, endsInterval: $0.endsInterval) }, set,
      "delete element from")
  }

  private func change(
    _ type: UInt32, flags: NetlinkMessage.Flags, _ elements: [NetfilterElement], _ set: NetfilterSet, _ call: String
  ) -> [NetlinkRequest] {
    // The nest that holds the list has a 16-bit length; an element takes at most 100 bytes. Pairs of an interval stay together.
    stride(from: 0, to: elements.count, by: 500).map { start in
      var message = Self.message(type, flags: flags)
      message.attribute(NFTA_SET_ELEM_LIST_TABLE.rawValue, name)
      message.attribute(NFTA_SET_ELEM_LIST_SET.rawValue, set.name)
      message.nested(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue) { list in
        for element in elements[start..<min(start + 500, elements.count)] { element.encode(into: &list) }
      }
      return NetlinkRequest(message, call, quoted(set.name))
    }
  }

  static func message(_ type: UInt32, flags: NetlinkMessage.Flags = []) -> NetlinkMessage {
    var message = NetlinkMessage(type: UInt16(NFNL_SUBSYS_NFTABLES) << 8 | UInt16(type), flags: flags)
    message.append(UInt8(2))  // AF_INET, NFPROTO_IPV4
    message.append(UInt8(NFNETLINK_V0))
    message.append(UInt16(0))
    return message
  }
}
