/// Which member of a service each of ``count`` slots leads to. The kernel picks a slot for a new connection and looks it up: so one rule
/// serves every service, and another set of members is another set of elements, changed in one transaction.
enum BalancedSlots {
  static let count = 256

  /// - Parameter members: each has a weight of at least 1.
  static func assign(_ members: [PublishedPort], _ balance: ServiceMember.Balance) -> [PublishedPort] {
    if members.isEmpty { return [] }
    return balance == .source ? rendezvous(members) : interleaved(members)
  }

  /// Smooth weighted round robin: neighbouring slots lead to different members, and each member has its share of any run.
  private static func interleaved(_ members: [PublishedPort]) -> [PublishedPort] {
    let weights = members.map { $0.member?.weight ?? 1 }
    let total = weights.reduce(0, +)
    var credit = [Int](repeating: 0, count: members.count)
    return (0..<count).map { _ in
      var chosen = 0
      for index in members.indices {
        credit[index] += weights[index]
        if credit[index] > credit[chosen] { chosen = index }
      }
      credit[chosen] -= total
      return members[chosen]
    }
  }

  /// Rendezvous hashing: a member that comes or goes moves only the slots that it gets or had.
  private static func rendezvous(_ members: [PublishedPort]) -> [PublishedPort] {
    (0..<count).map { slot in
      var best = (score: UInt64(0), member: members[0])
      for member in members {
        let identity = UInt64(member.address.rawValue) << 16 | UInt64(member.containerPort)
        for ticket in 0..<(member.member?.weight ?? 1) {
          let score = mixed(mixed(identity) ^ mixed(UInt64(slot) << 32 | UInt64(ticket)))
          if score > best.score { best = (score, member) }
        }
      }
      return best.member
    }
  }

  /// SplitMix64's finalizer.
  private static func mixed(_ value: UInt64) -> UInt64 {
    var value = value &+ 0x9e37_79b9_7f4a_7c15
    value = (value ^ value >> 30) &* 0xbf58_476d_1ce4_e5b9
    value = (value ^ value >> 27) &* 0x94d0_49bb_1331_11eb
    return value ^ value >> 31
  }
}
