internal import Linux
internal import OCIRuntimeSpec

extension SeccompProfile {
  /// Checks the configuration's profile.
  init(_ seccomp: SeccompConfiguration) throws(SeccompError) {
    defaultAction = try Self.action(seccomp.defaultAction, seccomp.defaultErrnoRet, "linux.seccomp.defaultAction")
    if defaultAction == .notify {
      throw .property("linux.seccomp.defaultAction", "SCMP_ACT_NOTIFY cannot be the default action")
    }
    // The cases are named as libseccomp names them.
    architectures = (seccomp.architectures ?? []).map { String(describing: $0) }
    var rules: [Rule] = []
    for (index, call) in (seccomp.syscalls ?? []).enumerated() { rules.append(try Self.rule(call, index)) }
    self.rules = rules
    // A profile that says ENOSYS itself needs no stub; one that permits what it does not know wants newer calls to work.
    hidesNewerCalls = !defaultAction.isPermissive && defaultAction != .errno(38)
  }

  private static func rule(_ call: SeccompConfiguration.Syscall, _ index: Int) throws(SeccompError) -> Rule {
    let property = "linux.seccomp.syscalls[\(index)]"
    let action = try action(call.action, call.errnoRet, property + ".action")
    if call.names.isEmpty { throw .property(property + ".names", "names no system call") }
    if action == .notify, call.names.contains("write") {
      // The runtime itself writes after the filter is loaded, and nobody would answer.
      throw .property(property + ".names", "SCMP_ACT_NOTIFY cannot be used for the write syscall")
    }
    var conditions: [Condition] = []
    for (number, argument) in (call.args ?? []).enumerated() {
      conditions.append(try condition(argument, "\(property).args[\(number)]"))
    }
    return Rule(names: call.names, action: action, conditions: conditions)
  }

  private static func condition(_ argument: SeccompConfiguration.Argument, _ property: String) throws(SeccompError) -> Condition {
    guard argument.index < 6 else { throw .property(property + ".index", "\(argument.index) is not in 0...5") }
    let comparison: Operator
    switch argument.op {
    case .notEqual: comparison = .notEqual
    case .lessThan: comparison = .lessThan
    case .lessEqual: comparison = .lessOrEqual
    case .equal: comparison = .equal
    case .greaterEqual: comparison = .greaterOrEqual
    case .greaterThan: comparison = .greaterThan
    case .maskedEqual: comparison = .maskedEqual
    }
    return Condition(
      index: argument.index, comparison: comparison, value: argument.value, second: argument.valueTwo ?? 0)
  }

  /// `errnoRet` is the data of the actions that have some: EPERM where it is not given.
  private static func action(
    _ action: SeccompConfiguration.Action, _ errnoRet: UInt32?, _ property: String
  ) throws(SeccompError) -> Action {
    if let errnoRet, errnoRet > 0xffff { throw .property(property, "errnoRet \(errnoRet) is over 65535") }
    if errnoRet != nil, action != .errno, action != .trace {
      throw .property(property, "\(action.rawValue) takes no errnoRet")
    }
    switch action {
    case .errno: return .errno(errnoRet ?? 1)
    case .trace: return .trace(errnoRet ?? 1)
    case .kill, .killThread: return .killThread
    case .killProcess: return .killProcess
    case .trap: return .trap
    case .allow: return .allow
    case .log: return .log
    case .notify: return .notify
    }
  }
}

extension SeccompFilter {
  /// The flags of seccomp(2): those asked for, or, where the property is absent, SPEC_ALLOW, which saves the cost of a
  /// mitigation that programs ask for themselves today (runc's default).
  static func flags(_ seccomp: SeccompConfiguration, _ profile: SeccompProfile) throws(SeccompError) -> SecureComputing.FilterFlags {
    var flags: SecureComputing.FilterFlags = []
    for flag in seccomp.flags ?? [.speculationAllow] { flags.insert(flag.kernelFlag) }
    if profile.notifies {
      if (seccomp.listenerPath ?? "").isEmpty {
        throw .property("linux.seccomp.listenerPath", "missing, and a system call has the action SCMP_ACT_NOTIFY")
      }
      flags.insert(.newListener)
      if flags.contains(.threadSync) { flags.insert(.threadSyncESRCH) }
    } else {
      // The kernel takes this one only together with a listener.
      flags.remove(.waitKillableReceive)
    }
    return flags
  }
}

extension SeccompConfiguration.Flag {
  fileprivate var kernelFlag: SecureComputing.FilterFlags {
    switch self {
    case .threadSynchronize: .threadSync
    case .log: .log
    case .speculationAllow: .specAllow
    case .waitKillableReceive: .waitKillableReceive
    }
  }

  /// Whether this kernel has it.
  package var isSupported: Bool {
    // Taken only together with a listener.
    SecureComputing.supports(self == .waitKillableReceive ? [kernelFlag, .newListener] : kernelFlag)
  }
}
