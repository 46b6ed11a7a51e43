import JSON

extension Process {
  /// A limit of setrlimit(2). `UInt64.max` is infinity.
  package struct Rlimit: Hashable, Sendable, Codable {
    /// The resources of getrlimit(2).
    package enum Kind: String, Sendable, Codable, CaseIterable {
      case addressSpace = "RLIMIT_AS"
      case core = "RLIMIT_CORE"
      case cpu = "RLIMIT_CPU"
      case data = "RLIMIT_DATA"
      case fsize = "RLIMIT_FSIZE"
      case locks = "RLIMIT_LOCKS"
      case memlock = "RLIMIT_MEMLOCK"
      case msgqueue = "RLIMIT_MSGQUEUE"
      case nice = "RLIMIT_NICE"
      case nofile = "RLIMIT_NOFILE"
      case nproc = "RLIMIT_NPROC"
      case rss = "RLIMIT_RSS"
      case rtprio = "RLIMIT_RTPRIO"
      case rttime = "RLIMIT_RTTIME"
      case sigpending = "RLIMIT_SIGPENDING"
      case stack = "RLIMIT_STACK"
    }

    package var type: Kind
    package var hard: UInt64
    package var soft: UInt64

    package init(type: Kind, hard: UInt64, soft: UInt64) {
      self.type = type
      self.hard = hard
      self.soft = soft
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      type = try members.required("type")
      hard = try members.required("hard")
      soft = try members.required("soft")
    }
  }
}
