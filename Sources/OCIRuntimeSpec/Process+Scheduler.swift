import JSON

extension Process {
  /// The arguments of sched_setattr(2).
  package struct Scheduler: Hashable, Sendable, Codable {
    /// The policies of sched(7).
    package enum Policy: String, Sendable, Codable, CaseIterable {
      case other = "SCHED_OTHER"
      case fifo = "SCHED_FIFO"
      case rr = "SCHED_RR"
      case batch = "SCHED_BATCH"
      case iso = "SCHED_ISO"
      case idle = "SCHED_IDLE"
      case deadline = "SCHED_DEADLINE"
    }

    /// The flags of sched_setattr(2).
    package enum Flag: String, Sendable, Codable, CaseIterable {
      case resetOnFork = "SCHED_FLAG_RESET_ON_FORK"
      case reclaim = "SCHED_FLAG_RECLAIM"
      case deadlineOverrun = "SCHED_FLAG_DL_OVERRUN"
      case keepPolicy = "SCHED_FLAG_KEEP_POLICY"
      case keepParameters = "SCHED_FLAG_KEEP_PARAMS"
      case utilizationClampMinimum = "SCHED_FLAG_UTIL_CLAMP_MIN"
      case utilizationClampMaximum = "SCHED_FLAG_UTIL_CLAMP_MAX"
    }

    package var policy: Policy
    package var nice: Int32?
    /// Of the real-time policies.
    package var priority: Int32?
    package var flags: [Flag]?
    /// Nanoseconds, of the deadline policy, as the next two.
    package var runtime: UInt64?
    package var deadline: UInt64?
    package var period: UInt64?

    package init(
      policy: Policy, nice: Int32? = nil, priority: Int32? = nil, flags: [Flag]? = nil, runtime: UInt64? = nil,
      deadline: UInt64? = nil, period: UInt64? = nil
    ) {
      self.policy = policy
      self.nice = nice
      self.priority = priority
      self.flags = flags
      self.runtime = runtime
      self.deadline = deadline
      self.period = period
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      policy = try members.required("policy")
      nice = try members.optional("nice")
      priority = try members.optional("priority")
      flags = try members.optional("flags")
      runtime = try members.optional("runtime")
      deadline = try members.optional("deadline")
      period = try members.optional("period")
    }
  }
}

extension Process {
  /// The arguments of ioprio_set(2).
  package struct IOPriority: Hashable, Sendable, Codable {
    /// The classes of ioprio_set(2).
    package enum Class: String, Sendable, Codable, CaseIterable {
      case realTime = "IOPRIO_CLASS_RT"
      case bestEffort = "IOPRIO_CLASS_BE"
      case idle = "IOPRIO_CLASS_IDLE"
    }

    package var `class`: Class
    /// 0 (highest) to 7; 0 where it is absent, as all but the specification's text have it.
    package var priority: Int

    package init(class: Class, priority: Int) {
      self.class = `class`
      self.priority = priority
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      self.class = try members.required("class")
      priority = try members.optional("priority") ?? 0
    }
  }
}

extension Process {
  /// Lists of CPUs such as `0-3,7`.
  package struct CPUAffinity: Hashable, Sendable, Codable {
    /// Before the process is moved to the container's cgroup.
    package var initial: String?
    /// After.
    package var final: String?

    package init(initial: String? = nil, final: String? = nil) {
      self.initial = initial
      self.final = final
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      initial = try members.optional("initial")
      final = try members.optional("final")
    }
  }
}
