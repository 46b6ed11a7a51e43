/// A container's part in a service: the ports of its members are published together and balanced over them.
package struct ServiceMember: Hashable, Sendable {
  /// How a new connection finds its member.
  package enum Balance: String, Sendable, CaseIterable {
    case roundRobin = "round-robin"
    case random
    /// By the peer's address: the same peer reaches the same member as long as that is there.
    case source
  }

  package var service: String
  package var balance: Balance
  /// How many connections it gets compared to others, 0...256; 0 for one that is not ready, or leaves.
  package var weight: Int

  package static let weights = 0...256

  package init(_ service: String, _ balance: Balance = .roundRobin, weight: Int) {
    self.service = service
    self.balance = balance
    self.weight = weight
  }
}
