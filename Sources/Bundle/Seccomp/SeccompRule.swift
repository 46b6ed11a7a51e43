/// A rule of a seccomp profile with docker's conditions: what it says about some system calls, and for whom it is in force.
struct SeccompRule: Hashable, Sendable {
  /// One comparison of an argument (config-linux.md#seccomp `args`).
  struct Argument: Hashable, Sendable {
    var index: UInt32
    /// `SCMP_CMP_…`
    var comparison: String
    var value: UInt64
    var valueTwo: UInt64?
  }

  /// Kernel, architecture and capability conditions; empty ones hold.
  struct Condition: Hashable, Sendable {
    var architectures: [String] = []
    var capabilities: [String] = []
    /// Major and minor version.
    var minimumKernel: [Int]?
  }

  var names: [String]
  /// `SCMP_ACT_…`
  var action = "SCMP_ACT_ALLOW"
  var errno: UInt32?
  var arguments: [Argument] = []
  var includes = Condition()
  var excludes = Condition()

  init(names: [String]) { self.names = names }

  /// Names separated by white space.
  init(_ names: String) {
    self.names = names.split { $0 == " " || $0 == "\n" }.map(String.init)
  }

  func when(_ index: UInt32, _ comparison: String, _ value: UInt64, _ valueTwo: UInt64? = nil) -> SeccompRule {
    var rule = self
    rule.arguments.append(Argument(index: index, comparison: comparison, value: value, valueTwo: valueTwo))
    return rule
  }

  func onlyOn(_ architectures: String...) -> SeccompRule {
    var rule = self
    rule.includes.architectures = architectures
    return rule
  }

  func notOn(_ architectures: String...) -> SeccompRule {
    var rule = self
    rule.excludes.architectures = architectures
    return rule
  }

  func with(_ capability: String) -> SeccompRule {
    var rule = self
    rule.includes.capabilities = [capability]
    return rule
  }

  func without(_ capability: String) -> SeccompRule {
    var rule = self
    rule.excludes.capabilities = [capability]
    return rule
  }

  func since(_ major: Int, _ minor: Int) -> SeccompRule {
    var rule = self
    rule.includes.minimumKernel = [major, minor]
    return rule
  }

  func answering(errno: UInt32) -> SeccompRule {
    var rule = self
    rule.action = "SCMP_ACT_ERRNO"
    rule.errno = errno
    return rule
  }

  /// Whether it is in force on this machine for a process with these capabilities: one of the architectures, all of the capabilities.
  func applies(architecture: String, capabilities: Set<String>, kernel: [Int]) -> Bool {
    if !includes.architectures.isEmpty, !includes.architectures.contains(architecture) { return false }
    if !includes.capabilities.allSatisfy(capabilities.contains) { return false }
    if let minimum = includes.minimumKernel, kernel.lexicographicallyPrecedes(minimum) { return false }
    if excludes.architectures.contains(architecture) { return false }
    if excludes.capabilities.contains(where: capabilities.contains) { return false }
    if let minimum = excludes.minimumKernel, !kernel.lexicographicallyPrecedes(minimum) { return false }
    return true
  }
}
