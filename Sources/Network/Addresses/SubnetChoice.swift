internal import Linux

/// Chooses a subnet for a network that came without one.
package enum SubnetChoice {
  /// The pool, in the order in which it is tried: private addresses (RFC 1918) that other engines do not start with.
  package static let candidates: [IPv4Subnet] =
    ([30, 31] + Array((18...29).reversed())).map { IPv4Subnet(IPv4Address(rawValue: 172 << 24 | $0 << 16), prefixLength: 16) }
    + (64...127).map { IPv4Subnet(IPv4Address(rawValue: 10 << 24 | $0 << 16), prefixLength: 16) }

  /// The first of the pool that overlaps none of `taken`, from the candidate number `start` on.
  package static func first(free taken: [IPv4Subnet], start: Int = 0) -> IPv4Subnet? {
    for offset in candidates.indices {
      let candidate = candidates[(start + offset) % candidates.count]
      if !taken.contains(where: candidate.overlaps) { return candidate }
    }
    return nil
  }

  /// What the host's routes lead to already.
  static func taken(_ socket: inout NetlinkSocket) throws(SystemError) -> [IPv4Subnet] {
    try socket.routes().compactMap { route in
      IPv4Address(bytes: route.destination).map { IPv4Subnet($0, prefixLength: route.prefixLength) }
    }
  }
}

extension NetworkStore {
  /// A subnet that fits the host's routes and this store's other networks. Stores beside the default one begin elsewhere in the pool,
  /// so that two that start at once do not choose the same.
  func chooseSubnet(_ socket: inout NetlinkSocket, for name: String) throws(NetworkError) -> IPv4Subnet {
    var taken: [IPv4Subnet] = []
    do { taken = try SubnetChoice.taken(&socket) } catch { throw NetworkError("network '\(name)'", error) }
    for other in try networkNames() where other != name {
      if let definition = try definition(other) { taken.append(definition.subnet) }
    }
    let start = root == Self.defaultRoot ? 0 : Int(fnv1a("\(root)") % UInt64(SubnetChoice.candidates.count))
    guard let subnet = SubnetChoice.first(free: taken, start: start) else {
      throw NetworkError(
        .conflict, "network '\(name)': no private subnet is left that the host's routes do not use; give one with --subnet")
    }
    return subnet
  }
}

/// FNV-1a, 64 bits: spreads names, resists nobody.
func fnv1a(_ text: String) -> UInt64 {
  text.utf8.reduce(0xcbf2_9ce4_8422_2325) { ($0 ^ UInt64($1)) &* 0x100_0000_01b3 }
}
