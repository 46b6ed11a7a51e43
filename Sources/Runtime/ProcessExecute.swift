internal import Linux
internal import Seccomp
internal import SystemPackage

extension ProcessPlan {
  typealias Warn = (String) -> Void

  /// Turns the caller into the process: limits, ids, capabilities, working directory, then whatever `waiting` waits for, then the
  /// seccomp filter, `filtered`, which gets the complete environment, and execve(2). `waiting` gives the channel for what fails after it.
  func execute(
    filter: SeccompFilter?, warn: Warn,
    waiting: () throws(RuntimeError) -> ContainerInit.SharedChannel,
    filtered: (_ environment: [String]) throws(RuntimeError) -> Void = { _ in }
  ) throws(RuntimeError) -> Never {
    try applyLimits(warn)
    try applyScheduling(warn)
    if let memoryPolicy {
      try attempting("linux.memoryPolicy") { () throws(SystemError) in
        try ProcessAttributes.setMemoryPolicy(mode: memoryPolicy.mode, nodes: memoryPolicy.nodes)
      }
    }
    ProcessAttributes.setFileModeMask(umask ?? 0o022)
    if let personality {
      try attempting("linux.personality") { () throws(SystemError) in try ProcessAttributes.setPersonality(personality) }
    }
    if let selinuxLabel { try label(selinuxLabel, "process.selinuxLabel", "exec") }
    if let appArmorProfile { try label("exec " + appArmorProfile, "process.apparmorProfile", "apparmor/exec") }
    try makeWorkingDirectory()
    let environment = try completeEnvironment()
    handOverStandardStreams()
    // What is open here must not be open there (CVE-2024-21626).
    try attempting("init") { () throws(SystemError) in try closeOnExecute(from: 3 + preservedDescriptors) }
    let entered = (try? changeWorkingDirectory(workingDirectory)) != nil
    let final = try enterCredentials(keepingAdministration: filter != nil && !noNewPrivileges, warn)
    try checkWorkingDirectory(entered)
    if noNewPrivileges {
      try attempting("process.noNewPrivileges") { () throws(SystemError) in try ProcessAttributes.setNoNewPrivileges() }
    }
    guard let name = arguments.first else { throw .property("process.args", "is empty") }
    let path = try Executable.find(name, environment: environment)
    let failures = try waiting()
    do throws(RuntimeError) {
      if let filter { try load(filter, failures) }
      try filtered(environment)
      do { try final.apply() } catch { throw .system("process.capabilities", error) }
      Signal.resetAll()
      do { try Linux.execute(path, arguments, environment: environment) } catch {
        throw Executable.failure(name, path, error.errno)
      }
    } catch {
      try? failures.value.send(.failure, error.description)
      exitNow(255)
    }
  }

  private func load(_ filter: SeccompFilter, _ channel: ContainerInit.SharedChannel) throws(RuntimeError) {
    let notify: OwnedDescriptor?
    do { notify = try filter.load() } catch { throw .message("linux.seccomp: \(error)") }
    guard let notify else { return }
    let descriptor = notify.rawValue
    try attempting("linux.seccomp") { () throws(SystemError) in try channel.value.send(.filter, descriptors: [descriptor]) }
  }

  private func label(_ text: String, _ property: String, _ file: String) throws(RuntimeError) {
    try attempting("\(property) \(quoted(text))") { () throws(SystemError) in
      try ProcFileSystem().write(text, to: FilePath("thread-self/attr").pushing(FilePath(file)))
    }
  }

  /// A limit that may not be raised stays where it is, with a warning: without CAP_SYS_RESOURCE the alternative is no container at all.
  private func applyLimits(_ warn: Warn) throws(RuntimeError) {
    for limit in limits {
      let wanted = ResourceLimit(soft: limit.soft, hard: limit.hard)
      do { try wanted.apply(to: limit.number, name: limit.name) } catch {
        guard error.errno == .notPermitted, let current = try? ResourceLimit.current(limit.number, name: limit.name),
          current.hard < limit.hard
        else { throw .system(limit.property, error) }
        try attempting(limit.property) { () throws(SystemError) in
          try ResourceLimit(soft: min(limit.soft, current.hard), hard: current.hard).apply(to: limit.number, name: limit.name)
        }
        warn("\(limit.property): \(limit.name) stays at \(current.hard), since raising it to \(limit.hard) needs CAP_SYS_RESOURCE")
      }
    }
  }

  private func applyScheduling(_ warn: Warn) throws(RuntimeError) {
    if let s = scheduler {
      do {
        try ProcessAttributes.setScheduler(
          policy: s.policy, flags: s.flags, nice: s.nice, priority: s.priority, runtime: s.runtime, deadline: s.deadline, period: s.period)
      } catch {
        guard error.errno == .notPermitted, let processors = s.processors else { throw .system("process.scheduler", error) }
        throw .property("process.scheduler", "\(error); process scheduler can't be used together with AllowedCPUs ('\(processors)')")
      }
    }
    if let ioPriority {
      try attempting("process.ioPriority") { () throws(SystemError) in
        try ProcessAttributes.setIOPriority(class: ioPriority.class, level: ioPriority.level)
      }
    }
    // With none of its own the process has what its cpuset gives, not what the caller of this program happened to run on.
    guard let mask = affinity.final else {
      try? ProcessAttributes.setProcessorAffinity([UInt8](repeating: 0xff, count: 128))
      return
    }
    try attempting("process.execCPUAffinity.final") { () throws(SystemError) in try ProcessAttributes.setProcessorAffinity(mask) }
  }

  private func makeWorkingDirectory() throws(RuntimeError) {
    if (try? fileStatus(workingDirectory)) != nil { return }
    _ = try? RootDirectory("/").makeDirectories(workingDirectory.lexicallyNormalized().removingRoot())
  }

  /// After the ids have changed, for a directory that only they may enter; and never one outside the root, which the kernel
  /// shows as `(unreachable)`.
  private func checkWorkingDirectory(_ entered: Bool) throws(RuntimeError) {
    if !entered {
      do { try changeWorkingDirectory(workingDirectory) } catch {
        throw .message("chdir to cwd (\"\(workingDirectory)\") set in config.json failed: \(Executable.reason(error.errno))")
      }
    }
    let path = try attempting("process.cwd") { () throws(SystemError) in try Linux.workingDirectory() }
    if !path.isAbsolute {
      throw .message("current working directory is outside of container mount namespace root -- possible container breakout detected")
    }
  }

  /// `HOME` from the container's own /etc/passwd where the configuration gives none.
  private func completeEnvironment() throws(RuntimeError) -> [String] {
    if environment.contains(where: { $0.hasPrefix("HOME=") && $0.utf8.count > 5 }) { return environment }
    let home = (try? RootDirectory("/").readFile("etc/passwd", limit: 4 << 20)).flatMap { passwdEntry(of: userID, in: $0)?.home } ?? "/"
    return environment.filter { !$0.hasPrefix("HOME=") } + ["HOME=\(home)"]
  }

  /// Pipes and sockets become the user's, so that /dev/stdout can be opened; devices are left alone, for they may be the host's own /dev/null.
  private func handOverStandardStreams() {
    if userID == 0 { return }
    for number: Int32 in 0...2 {
      let stream = OwnedDescriptor(number)
      if let kind = try? stream.status().kind, kind == .fifo || kind == .socket, let group = try? stream.status().groupID {
        try? stream.changeOwner(userID: userID, groupID: group)
      }
      _ = stream.release()
    }
  }
}

/// Name and home directory in the line of passwd(5) whose third field is `userID`.
func passwdEntry(of userID: UInt32, in passwd: [UInt8]) -> (name: String, home: String?)? {
  for line in passwd.split(separator: UInt8(ascii: "\n")) {
    let fields = line.split(separator: UInt8(ascii: ":"), omittingEmptySubsequences: false).map { String(decoding: $0, as: UTF8.self) }
    if fields.count >= 6, UInt32(fields[2]) == userID { return (fields[0], fields[5].isEmpty ? nil : fields[5]) }
  }
  return nil
}
