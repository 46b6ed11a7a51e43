internal import CSeccomp
internal import Linux
internal import SystemPackage

extension SeccompProfile {
  /// The program, made by libseccomp: about 12 ms for a profile of 400 names.
  func compile() throws(SeccompError) -> [UInt8] {
    guard let context = unsafe seccomp_init(defaultAction.value) else {
      throw .library("seccomp_init", SystemError("seccomp_init", nil, .noMemory))
    }
    defer { unsafe seccomp_release(context) }
    // A binary tree over the numbers instead of one comparison after the other (libseccomp 2.5); older ones do without.
    _ = unsafe seccomp_attr_set(context, SCMP_FLTATR_CTL_OPTIMIZE, 2)
    let tokens = try unsafe addArchitectures(context)
    for rule in rules where rule.action != defaultAction {
      for name in rule.names { try unsafe add(rule, name, context) }
    }
    let stub = hidesNewerCalls ? newerCallsStub(newestCalls(tokens)).flatMap(\.encoded) : []
    let program = stub + (try unsafe export(context))
    // BPF_MAXINSNS.
    if program.count > 4096 * 8 {
      throw .property("linux.seccomp", "the profile needs \(program.count / 8) instructions, the kernel takes 4096")
    }
    return program
  }

  /// Adds the profile's architectures; one that this libseccomp does not know cannot run here either and is passed over.
  private func addArchitectures(_ context: scmp_filter_ctx) throws(SeccompError) -> [UInt32] {
    let native = seccomp_arch_native()
    var tokens = [native]
    for name in architectures {
      let token = name == "native" ? native : unsafe seccomp_arch_resolve_name(name)
      if token == 0 || tokens.contains(token) { continue }
      let result = unsafe seccomp_arch_add(context, token)
      if result != 0, -result != Errno.fileExists.rawValue { throw library("architecture \(name)", result) }
      tokens.append(token)
    }
    return tokens
  }

  /// Adds a rule for one system call. A name that libseccomp does not know is passed over: profiles name calls of many
  /// kernels, and the stub answers for those that are newer.
  private func add(_ rule: Rule, _ name: String, _ context: scmp_filter_ctx) throws(SeccompError) {
    let number = unsafe seccomp_syscall_resolve_name(name)
    if number == __NR_SCMP_ERROR { return }
    let conditions = rule.conditions.map { condition in
      scmp_arg_cmp(
        arg: condition.index, op: scmp_compare(condition.comparison.rawValue), datum_a: condition.value,
        datum_b: condition.second)
    }
    // Conditions on one argument twice cannot be in one rule of libseccomp: each becomes its own, as runc has it.
    let groups =
      Set(rule.conditions.map(\.index)).count == conditions.count ? [conditions] : conditions.map { [$0] }
    for group in groups {
      let result = unsafe group.withUnsafeBufferPointer { group in
        unsafe seccomp_rule_add_array(context, rule.action.value, number, UInt32(group.count), group.baseAddress)
      }
      if result != 0 { throw library("rule for '\(name)'", result) }
    }
  }

  /// The highest number that the profile names on each architecture.
  private func newestCalls(_ tokens: [UInt32]) -> [NewestSystemCall] {
    // SCMP_ARCH_X32: x86-64's machine without the bit for 64-bit addresses.
    let (x32, x86_64): (UInt32, UInt32) = (0x4000_003e, 0xc000_003e)
    return tokens.compactMap { token in
      let numbers = rules.flatMap(\.names).map { unsafe seccomp_syscall_resolve_name_arch(token, $0) }
      guard let highest = numbers.max(), highest > 0 else { return nil }
      return NewestSystemCall(
        architecture: token == x32 ? x86_64 : token, number: UInt32(highest), isX32: token == x32)
    }
  }

  private func export(_ context: scmp_filter_ctx) throws(SeccompError) -> [UInt8] {
    do throws(SystemError) {
      let file = try makeMemoryFile("seccomp")
      let result = unsafe seccomp_export_bpf(context, file.rawValue)
      if result != 0 { throw SystemError("seccomp_export_bpf", nil, Errno(rawValue: -result)) }
      try file.seek(to: 0)
      return try file.readAll(limit: 1 << 20)
    } catch { throw .system(error) }
  }

  private func library(_ attempt: String, _ result: Int32) -> SeccompError {
    .library(attempt, SystemError("libseccomp", nil, Errno(rawValue: -result)))
  }
}
