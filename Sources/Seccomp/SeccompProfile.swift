/// A profile of the configuration, checked and in the kernel's numbers: all that a filter program depends on.
struct SeccompProfile: Hashable, Sendable {
  /// `SECCOMP_RET_*` with its data in the low 16 bits.
  struct Action: Hashable, Sendable {
    let value: UInt32
    static let killThread = Action(value: 0)
    static let killProcess = Action(value: 0x8000_0000)
    static let trap = Action(value: 0x0003_0000)
    static let notify = Action(value: 0x7fc0_0000)
    static let log = Action(value: 0x7ffc_0000)
    static let allow = Action(value: 0x7fff_0000)
    static func errno(_ number: UInt32) -> Action { Action(value: 0x0005_0000 | number & 0xffff) }
    static func trace(_ number: UInt32) -> Action { Action(value: 0x7ff0_0000 | number & 0xffff) }

    /// Whether the system call is done, or may be.
    var isPermissive: Bool { self == .allow || self == .log || value & 0xffff_0000 == 0x7ff0_0000 }
  }

  /// enum scmp_compare of libseccomp.
  enum Operator: UInt32, Hashable, Sendable {
    case notEqual = 1, lessThan, lessOrEqual, equal, greaterOrEqual, greaterThan, maskedEqual
  }

  /// One condition on an argument; `value` is the mask and `second` the value of `maskedEqual`.
  struct Condition: Hashable, Sendable {
    /// 0...5.
    let index: UInt32
    let comparison: Operator
    let value: UInt64
    let second: UInt64
  }

  struct Rule: Hashable, Sendable {
    let names: [String]
    let action: Action
    let conditions: [Condition]
  }

  let defaultAction: Action
  /// libseccomp's names (`x86_64`), besides the machine's own.
  let architectures: [String]
  let rules: [Rule]
  /// Whether system calls newer than the profile get ENOSYS (``newerCallsStub(_:)``).
  let hidesNewerCalls: Bool

  /// Whether the filter hands system calls to a listener.
  var notifies: Bool { rules.contains { $0.action == .notify } }

  /// The same for equal profiles and different for different ones: what a cached program is named after.
  var fingerprint: [UInt8] {
    var text = "tote seccomp 1 \(defaultAction.value) \(architectures) \(hidesNewerCalls)\n"
    for rule in rules {
      text += "\(rule.action.value)"
      for condition in rule.conditions {
        text += " \(condition.index) \(condition.comparison.rawValue) \(condition.value) \(condition.second);"
      }
      for name in rule.names { text += " \(name.utf8.count):\(name)" }
      text += "\n"
    }
    return Array(text.utf8)
  }
}
