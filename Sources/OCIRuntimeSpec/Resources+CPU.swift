import JSON

extension Resources {
  /// Times in microseconds (config-linux.md#cpu).
  package struct CPU: Hashable, Sendable, Codable {
    package var shares: UInt64?
    /// -1 is no limit.
    package var quota: Int64?
    package var burst: UInt64?
    package var period: UInt64?
    package var realtimeRuntime: Int64?
    package var realtimePeriod: UInt64?
    /// Such as `0-3,7`.
    package var cpus: String?
    /// Such as `0-3,7`.
    package var mems: String?
    /// 1: SCHED_IDLE.
    package var idle: Int64?

    package init() {}

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      shares = try members.optional("shares")
      quota = try members.optional("quota")
      burst = try members.optional("burst")
      period = try members.optional("period")
      realtimeRuntime = try members.optional("realtimeRuntime")
      realtimePeriod = try members.optional("realtimePeriod")
      cpus = try members.optional("cpus")
      mems = try members.optional("mems")
      idle = try members.optional("idle")
    }
  }
}

extension Resources {
  /// How many processes and threads (config-linux.md#pids).
  package struct Pids: Hashable, Sendable, Codable {
    /// -1 is no limit.
    package var limit: Int64?

    package init(limit: Int64? = nil) {
      self.limit = limit
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      limit = try members.optional("limit")
    }
  }
}
