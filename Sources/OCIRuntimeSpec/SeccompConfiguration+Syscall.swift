import JSON

extension SeccompConfiguration {
  /// What happens to the calls named. Names that this machine does not know are to be ignored.
  package struct Syscall: Hashable, Sendable, Codable {
    package var names: [String]
    package var action: Action
    /// EPERM where it is absent.
    package var errnoRet: UInt32?
    /// All must hold.
    package var args: [Argument]?

    package init(names: [String], action: Action, errnoRet: UInt32? = nil, args: [Argument]? = nil) {
      self.names = names
      self.action = action
      self.errnoRet = errnoRet
      self.args = args
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      names = try members.required("names")
      action = try members.required("action")
      errnoRet = try members.optional("errnoRet")
      args = try members.optional("args")
    }
  }

  /// A condition on an argument.
  package struct Argument: Hashable, Sendable, Codable {
    /// The comparisons of seccomp_rule_add(3).
    package enum Operator: String, Sendable, Codable, CaseIterable {
      case notEqual = "SCMP_CMP_NE"
      case lessThan = "SCMP_CMP_LT"
      case lessEqual = "SCMP_CMP_LE"
      case equal = "SCMP_CMP_EQ"
      case greaterEqual = "SCMP_CMP_GE"
      case greaterThan = "SCMP_CMP_GT"
      case maskedEqual = "SCMP_CMP_MASKED_EQ"
    }

    /// 0 to 5.
    package var index: UInt32
    /// The mask of `maskedEqual`.
    package var value: UInt64
    /// What the masked argument must equal.
    package var valueTwo: UInt64?
    package var op: Operator

    package init(index: UInt32, value: UInt64, valueTwo: UInt64? = nil, op: Operator) {
      self.index = index
      self.value = value
      self.valueTwo = valueTwo
      self.op = op
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      index = try members.required("index")
      value = try members.required("value")
      valueTwo = try members.optional("valueTwo")
      op = try members.required("op")
    }
  }
}
