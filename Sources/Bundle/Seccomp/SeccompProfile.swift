package import OCIRuntimeSpec

/// A seccomp profile with docker's conditions in it, which says for each container what its filter is.
package struct SeccompProfile: Sendable {
  var defaultAction: SeccompConfiguration.Action
  var defaultErrno: UInt32?
  /// Architectures of their own right, each with those that its kernel also runs.
  var architectures: [(SeccompConfiguration.Architecture, [SeccompConfiguration.Architecture])]
  var flags: [SeccompConfiguration.Flag]?
  var rules: [SeccompRule]

  /// docker's; EPERM (1) for whatever it does not name.
  package static let `default` = SeccompProfile(
    defaultAction: .errno, defaultErrno: 1,
    architectures: [
      (.x86_64, [.x86, .x32]), (.aarch64, [.arm]), (.mips64, [.mips, .mips64n32]), (.mips64n32, [.mips, .mips64]),
      (.mipsel64, [.mipsel, .mipsel64n32]), (.mipsel64n32, [.mipsel, .mipsel64]), (.s390x, [.s390]), (.riscv64, []),
      (.loongarch64, []),
    ], flags: nil, rules: DefaultSeccompProfile.rules)

  /// `linux.seccomp` for a process with these capabilities on this machine.
  package func configuration(
    architecture: String, capabilities: Set<String>, kernel: [Int]
  ) throws(BundleError) -> SeccompConfiguration {
    var syscalls: [SeccompConfiguration.Syscall] = []
    for rule in rules where rule.applies(architecture: architecture, capabilities: capabilities, kernel: kernel) {
      syscalls.append(try rule.syscall())
    }
    var configuration = SeccompConfiguration(
      defaultAction: defaultAction, architectures: seccompArchitectures(architecture), syscalls: syscalls)
    configuration.defaultErrnoRet = defaultErrno
    configuration.flags = flags
    return configuration
  }

  private func seccompArchitectures(_ architecture: String) -> [SeccompConfiguration.Architecture]? {
    guard let native = goArchitectures[architecture] else { return nil }
    let others = architectures.first { $0.0 == native }?.1 ?? []
    return [native] + others
  }
}

private let goArchitectures: [String: SeccompConfiguration.Architecture] = [
  "amd64": .x86_64, "arm64": .aarch64, "386": .x86, "arm": .arm, "mips64": .mips64, "mips64n32": .mips64n32, "mipsel64": .mipsel64,
  "mipsel64n32": .mipsel64n32, "ppc64le": .ppc64le, "s390x": .s390x, "riscv64": .riscv64, "loong64": .loongarch64,
]

extension SeccompRule {
  func syscall() throws(BundleError) -> SeccompConfiguration.Syscall {
    guard let action = SeccompConfiguration.Action(rawValue: action) else {
      throw .refused("seccomp profile: unknown action '\(self.action)'")
    }
    var list: [SeccompConfiguration.Argument] = []
    for argument in arguments {
      guard let comparison = SeccompConfiguration.Argument.Operator(rawValue: argument.comparison) else {
        throw .refused("seccomp profile: unknown operator '\(argument.comparison)'")
      }
      list.append(
        SeccompConfiguration.Argument(index: argument.index, value: argument.value, valueTwo: argument.valueTwo, op: comparison))
    }
    return SeccompConfiguration.Syscall(names: names, action: action, errnoRet: errno, args: list.isEmpty ? nil : list)
  }
}
