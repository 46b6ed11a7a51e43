import JSON

extension Resources {
  /// Bytes; -1 is no limit (config-linux.md#memory).
  package struct Memory: Hashable, Sendable, Codable {
    package var limit: Int64?
    package var reservation: Int64?
    /// Memory and swap together.
    package var swap: Int64?
    /// Not recommended, and nothing to cgroup v2; as the next.
    package var kernel: Int64?
    package var kernelTCP: Int64?
    /// 0 to 100.
    package var swappiness: UInt64?
    package var disableOOMKiller: Bool?
    package var useHierarchy: Bool?
    /// Refuse a limit below what is used.
    package var checkBeforeUpdate: Bool?

    package init() {}

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      limit = try members.optional("limit")
      reservation = try members.optional("reservation")
      swap = try members.optional("swap")
      kernel = try members.optional("kernel")
      kernelTCP = try members.optional("kernelTCP")
      swappiness = try members.optional("swappiness")
      disableOOMKiller = try members.optional("disableOOMKiller")
      useHierarchy = try members.optional("useHierarchy")
      checkBeforeUpdate = try members.optional("checkBeforeUpdate")
    }
  }
}
