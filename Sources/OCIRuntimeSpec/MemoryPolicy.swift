import JSON

/// The arguments of set_mempolicy(2) (config-linux.md#memory-policy).
package struct MemoryPolicy: Hashable, Sendable, Codable {
  /// The modes of set_mempolicy(2).
  package enum Mode: String, Sendable, Codable, CaseIterable {
    case `default` = "MPOL_DEFAULT"
    case bind = "MPOL_BIND"
    case interleave = "MPOL_INTERLEAVE"
    case weightedInterleave = "MPOL_WEIGHTED_INTERLEAVE"
    case preferred = "MPOL_PREFERRED"
    case preferredMany = "MPOL_PREFERRED_MANY"
    case local = "MPOL_LOCAL"
  }

  /// The mode flags of set_mempolicy(2).
  package enum Flag: String, Sendable, Codable, CaseIterable {
    case numaBalancing = "MPOL_F_NUMA_BALANCING"
    case relativeNodes = "MPOL_F_RELATIVE_NODES"
    case staticNodes = "MPOL_F_STATIC_NODES"
  }

  /// A ``Mode``; kept as a word, as the flags are, for a message of its own about an unknown one.
  package var mode: String
  /// Such as `0-3,7`.
  package var nodes: String?
  /// ``Flag``s.
  package var flags: [String]?

  package init(mode: String, nodes: String? = nil, flags: [String]? = nil) {
    self.mode = mode
    self.nodes = nodes
    self.flags = flags
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    mode = try members.optional("mode") ?? ""
    nodes = try members.optional("nodes")
    flags = try members.optional("flags")
  }
}
