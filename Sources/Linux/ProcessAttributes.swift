internal import CLinux
internal import Glibc
package import SystemPackage

/// What prctl(2) and its relatives change of the calling process.
package enum ProcessAttributes {
  /// Whether other processes of the user may look into this one and whether it leaves a core (`PR_SET_DUMPABLE`).
  package static func setDumpable(_ dumpable: Bool) throws(SystemError) {
    try nothingOrError("prctl", "PR_SET_DUMPABLE") { clinux_prctl(PR_SET_DUMPABLE, dumpable ? 1 : 0, 0, 0, 0) }
  }

  /// Makes this process adopt orphaned descendants (`PR_SET_CHILD_SUBREAPER`).
  package static func setChildSubreaper(_ adopting: Bool = true) throws(SystemError) {
    try nothingOrError("prctl", "PR_SET_CHILD_SUBREAPER") { clinux_prctl(PR_SET_CHILD_SUBREAPER, adopting ? 1 : 0, 0, 0, 0) }
  }

  package static func setNoNewPrivileges() throws(SystemError) {
    try nothingOrError("prctl", "PR_SET_NO_NEW_PRIVS") { clinux_prctl(PR_SET_NO_NEW_PRIVS, 1, 0, 0, 0) }
  }

  /// The signal that the kernel sends when the parent ends (`PR_SET_PDEATHSIG`).
  package static func setParentDeathSignal(_ signal: Int32) throws(SystemError) {
    try nothingOrError("prctl", "PR_SET_PDEATHSIG") { clinux_prctl(PR_SET_PDEATHSIG, UInt(signal), 0, 0, 0) }
  }

  /// The name that ps shows, cut to 15 bytes (`PR_SET_NAME`).
  package static func setName(_ name: String) {
    unsafe name.withCString { pointer in _ = clinux_prctl(PR_SET_NAME, UInt(bitPattern: pointer), 0, 0, 0) }
  }

  /// setsid(2).
  package static func startSession() throws(SystemError) { try nothingOrError("setsid") { setsid() } }

  /// A session keyring of the process's own (`KEYCTL_JOIN_SESSION_KEYRING`, keyctl(2)).
  package static func joinSessionKeyring(_ name: String) throws(SystemError) {
    try nothingOrError("keyctl", quoted(name)) { unsafe clinux_join_session_keyring(name) }
  }

  /// umask(2).
  package static func setFileModeMask(_ mask: UInt32) { umask(mode_t(mask)) }

  /// personality(2).
  package static func setPersonality(_ persona: UInt) throws(SystemError) {
    try nothingOrError("personality", "0x" + String(persona, radix: 16)) { clinux_personality(persona) }
  }

  /// sethostname(2), setdomainname(2).
  package static func setHostName(_ name: String) throws(SystemError) {
    try nothingOrError("sethostname", quoted(name)) { unsafe sethostname(name, name.utf8.count) }
  }
  package static func setDomainName(_ name: String) throws(SystemError) {
    try nothingOrError("setdomainname", quoted(name)) { unsafe setdomainname(name, name.utf8.count) }
  }

  /// ioprio_set(2) of the caller: class 1 real time, 2 best effort, 3 idle; level 0...7.
  package static func setIOPriority(class number: Int32, level: Int32) throws(SystemError) {
    try nothingOrError("ioprio_set", "class \(number) priority \(level)") { clinux_ioprio_set(1, 0, number << 13 | level) }
  }

  /// sched_setattr(2) of the caller; times in nanoseconds.
  package static func setScheduler(
    policy: UInt32, flags: UInt64, nice: Int32, priority: UInt32, runtime: UInt64, deadline: UInt64, period: UInt64
  ) throws(SystemError) {
    try nothingOrError("sched_setattr", "policy \(policy)") {
      clinux_sched_setattr(policy, flags, nice, priority, runtime, deadline, period)
    }
  }

  /// sched_setaffinity(2) of the caller: bit n of the mask, counted over its bytes, is processor n.
  package static func setProcessorAffinity(_ mask: [UInt8]) throws(SystemError) {
    try nothingOrError("sched_setaffinity") { unsafe clinux_sched_setaffinity(mask.count, mask) }
  }

  /// set_mempolicy(2) of the caller: bit n of `nodes`, counted over its bytes, is node n.
  package static func setMemoryPolicy(mode: Int32, nodes: [UInt8]) throws(SystemError) {
    try nothingOrError("set_mempolicy", "mode \(mode)") { unsafe clinux_set_mempolicy(mode, nodes, UInt(nodes.count * 8 + 1)) }
  }
}

/// A limit of getrlimit(2); `UInt64.max` is no limit.
package struct ResourceLimit: Equatable, Sendable {
  package var soft: UInt64
  package var hard: UInt64

  package init(soft: UInt64, hard: UInt64) {
    self.soft = soft
    self.hard = hard
  }

  /// getrlimit(2); `resource` is an `RLIMIT_*` number.
  package static func current(_ resource: Int32, name: String) throws(SystemError) -> ResourceLimit {
    var limit = ResourceLimit(soft: 0, hard: 0)
    try nothingOrError("getrlimit", name) { unsafe clinux_getrlimit(resource, &limit.soft, &limit.hard) }
    return limit
  }

  /// How many descriptors the caller can come to have (`RLIMIT_NOFILE`).
  package static func mostOpenFiles() throws(SystemError) -> UInt64 {
    try current(Int32(RLIMIT_NOFILE.rawValue), name: "RLIMIT_NOFILE").hard
  }

  /// Lets the caller have as many descriptors as it may.
  package static func raiseOpenFiles() throws(SystemError) {
    let number = Int32(RLIMIT_NOFILE.rawValue)
    let limit = try current(number, name: "RLIMIT_NOFILE")
    try ResourceLimit(soft: limit.hard, hard: limit.hard).apply(to: number, name: "RLIMIT_NOFILE")
  }

  /// prlimit(2) of `process`; 0 is the caller.
  package func apply(to resource: Int32, name: String, process: Int32 = 0) throws(SystemError) {
    try nothingOrError("setrlimit", "\(name) soft \(soft) hard \(hard)") { clinux_setrlimit(process, resource, soft, hard) }
  }
}

/// Marks every descriptor from `first` on close-on-exec (close_range(2), CVE-2024-21626).
package func closeOnExecute(from first: Int32) throws(SystemError) {
  try nothingOrError("close_range", "from \(first)") { clinux_close_range(UInt32(first), .max, 4) }
}

/// dup2(2) of a descriptor to a number, inherited over exec.
package func duplicate(_ descriptor: Int32, to number: Int32) throws(SystemError) {
  try nothingOrError("dup2", "descriptor \(descriptor) to \(number)") { dup2(descriptor, number) }
}

/// The absolute path of the working directory as the kernel sees it: `(unreachable)…` where it is outside the root (getcwd(2)).
package func workingDirectory() throws(SystemError) -> FilePath {
  guard let path = unsafe getcwd(nil, 0) else { throw SystemError("getcwd", nil, Errno(rawValue: Glibc.errno)) }
  defer { unsafe free(path) }
  return unsafe FilePath(platformString: path)
}

/// chdir(2).
package func changeWorkingDirectory(_ path: FilePath) throws(SystemError) {
  try nothingOrError("chdir", quoted(path)) { unsafe path.withPlatformString { unsafe chdir($0) } }
}
