internal import CLinux
internal import Glibc
internal import SystemPackage

/// What nf_tables has now.
extension NetlinkSocket {
  /// The comment that the table was made with ("" for none); nil where there is no such table.
  package mutating func comment(of table: NetfilterTable) throws(SystemError) -> String? {
    var message = NetfilterTable.message(NFT_MSG_GETTABLE.rawValue)
    message.attribute(NFTA_TABLE_NAME.rawValue, table.name)
    do {
      let reply = try get(NetlinkRequest(message, "get table", quoted(table.name)))
      guard let data = try reply.attributes(after: 4)[NFTA_TABLE_USERDATA.rawValue], data.count >= 2, data.first == 0 else { return "" }
      return String(decoding: data.dropFirst(2).prefix { $0 != 0 }, as: UTF8.self)
    } catch {
      if error.errno == .noSuchFileOrDirectory { return nil }
      throw error
    }
  }

  /// The number of the present generation: it changes with every transaction of anybody (NFT_MSG_GETGEN).
  package mutating func generation() throws(SystemError) -> UInt32 {
    let reply = try get(NetlinkRequest(NetfilterTable.message(NFT_MSG_GETGEN.rawValue), "get generation of nftables"))
    guard let value: UInt32 = try reply.attributes(after: 4).integer(NFTA_GEN_ID.rawValue) else {
      throw SystemError("get generation of nftables", nil, .badMessage)
    }
    return UInt32(bigEndian: value)
  }

  /// Every element of a set or map; none where there is no such set.
  package mutating func elements(of set: NetfilterSet, in table: NetfilterTable) throws(SystemError) -> [NetfilterElement] {
    var message = NetfilterTable.message(NFT_MSG_GETSETELEM.rawValue, flags: .dump)
    message.attribute(NFTA_SET_ELEM_LIST_TABLE.rawValue, table.name)
    message.attribute(NFTA_SET_ELEM_LIST_SET.rawValue, set.name)
    do {
      var elements: [NetfilterElement] = []
      for reply in try dump(NetlinkRequest(message, "list elements of", quoted(set.name))) {
        guard let list = try reply.attributes(after: 4).nested(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue) else { continue }
        for item in list.all { elements.append(try NetfilterElement(NetlinkAttributes(item.value))) }
      }
      return elements
    } catch {
      if error.errno == .noSuchFileOrDirectory { return [] }
      throw error
    }
  }

  /// Whether the set has an element with that key.
  package mutating func hasElement(_ key: [UInt8], in set: NetfilterSet, of table: NetfilterTable) throws(SystemError) -> Bool {
    var message = NetfilterTable.message(NFT_MSG_GETSETELEM.rawValue)
    message.attribute(NFTA_SET_ELEM_LIST_TABLE.rawValue, table.name)
    message.attribute(NFTA_SET_ELEM_LIST_SET.rawValue, set.name)
    message.nested(NFTA_SET_ELEM_LIST_ELEMENTS.rawValue) { NetfilterElement(key: key).encode(into: &$0) }
    do {
      _ = try get(NetlinkRequest(message, "get element of", quoted(set.name)))
      return true
    } catch {
      if error.errno == .noSuchFileOrDirectory { return false }
      throw error
    }
  }
}
