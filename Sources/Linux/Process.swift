internal import CLinux
internal import Glibc
package import SystemPackage

/// A process made by ``cloneProcess(_:asSibling:cgroup:)``, seen from its maker.
package struct ChildProcess: ~Copyable {
  package let id: Int32
  /// A pidfd of it, immune to the reuse of ids.
  package let descriptor: OwnedDescriptor

  package init(id: Int32, descriptor: consuming OwnedDescriptor) {
    self.id = id
    self.descriptor = descriptor
  }
}

/// clone3(2) as fork(2), the child in new namespaces of `kinds`: nil in the child. Only for a process of one thread (STYLE: Swift on Linux).
///
/// `asSibling` makes the child the caller's sibling (`CLONE_PARENT`); `cgroup` is a cgroup v2 directory that it starts in (`CLONE_INTO_CGROUP`).
package func cloneProcess(
  _ kinds: NamespaceKinds = [], asSibling: Bool = false, cgroup: Int32? = nil
) throws(SystemError) -> ChildProcess? {
  var pidfd: Int32 = -1
  let flags = kinds.rawValue | 0x1000 | (asSibling ? 0x8000 : 0) | (cgroup == nil ? 0 : 0x2_0000_0000)
  let id = try valueOrError("clone3") { unsafe clinux_clone3(flags, asSibling ? 0 : SIGCHLD, &pidfd, cgroup ?? 0) }
  return id == 0 ? nil : ChildProcess(id: id, descriptor: OwnedDescriptor(pidfd))
}

/// How a process ended (wait(2)).
package enum ExitStatus: Equatable, Sendable {
  case exited(Int32)
  case signaled(Int32)

  init(_ status: Int32) {
    self = clinux_wifsignaled(status) != 0 ? .signaled(clinux_wtermsig(status)) : .exited(clinux_wexitstatus(status))
  }

  /// As a shell reports it: the status, or 128 and the signal's number.
  package var code: Int32 {
    switch self {
    case .exited(let status): status
    case .signaled(let signal): 128 + signal
    }
  }
}

/// waitpid(2) for the end of a child; nil where `waiting` is false and it has not ended.
package func waitForProcess(_ id: Int32, waiting: Bool = true) throws(SystemError) -> (id: Int32, status: ExitStatus)? {
  var status: Int32 = 0
  let ended = try valueOrError("wait", "pid \(id)") { unsafe waitpid(id, &status, waiting ? 0 : WNOHANG) }
  return ended == 0 ? nil : (ended, ExitStatus(status))
}

/// pidfd_open(2).
package func openProcess(_ id: Int32) throws(SystemError) -> OwnedDescriptor {
  OwnedDescriptor(try valueOrError("pidfd_open", "pid \(id)") { clinux_pidfd_open(id, 0) })
}

extension OwnedDescriptor {
  /// pidfd_send_signal(2).
  package func sendSignal(_ signal: Int32) throws(SystemError) {
    try nothingOrError("kill", "signal \(signal)") { clinux_pidfd_send_signal(rawValue, signal) }
  }

  /// Whether there is something to read (for a pidfd: the process has ended) within `milliseconds`; -1 waits for ever.
  package func isReadable(within milliseconds: Int32) throws(SystemError) -> Bool {
    var entry = pollfd(fd: rawValue, events: Int16(POLLIN), revents: 0)
    return try valueOrError("poll", "descriptor \(rawValue)", retryOnInterrupt: false) { unsafe poll(&entry, 1, milliseconds) } > 0
  }
}

/// kill(2) by id, for processes whose id cannot have been used again.
package func sendSignal(_ signal: Int32, to process: Int32) throws(SystemError) {
  try nothingOrError("kill", "pid \(process)") { kill(process, signal) }
}

/// Leaves at once, with no clean-up: the end of a forked child.
package func exitNow(_ status: Int32) -> Never { _exit(status) }

/// getpid(2), geteuid(2).
package var processID: Int32 { getpid() }
package var effectiveUserID: UInt32 { geteuid() }
package var effectiveGroupID: UInt32 { getegid() }

/// execve(2) of `path`; returns only to throw.
package func execute(_ path: FilePath, _ arguments: [String], environment: [String]) throws(SystemError) -> Never {
  var reason = Errno(rawValue: 0)
  unsafe withCStrings(arguments) { arguments in
    unsafe withCStrings(environment) { environment in
      unsafe path.withPlatformString { path in
        unsafe _ = execve(path, arguments, environment)
        reason = Errno(rawValue: Glibc.errno)
      }
    }
  }
  throw SystemError("exec", path, reason)
}

extension OwnedDescriptor {
  /// execveat(2) of the file that this descriptor is; returns only to throw.
  package func execute(_ arguments: [String], environment: [String]) throws(SystemError) {
    var reason = Errno(rawValue: 0)
    unsafe withCStrings(arguments) { arguments in
      unsafe withCStrings(environment) { environment in
        unsafe _ = clinux_execveat(rawValue, "", arguments, environment, 0x1000)
        reason = Errno(rawValue: Glibc.errno)
      }
    }
    throw SystemError("exec", "descriptor \(rawValue)", reason)
  }
}
