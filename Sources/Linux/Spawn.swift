internal import CLinux
internal import Glibc
package import SystemPackage

/// A program to run as a child: posix_spawn(3), which is safe in a process of many threads.
package struct SpawnedCommand: ~Copyable {
  /// The child's process id, until it is waited for.
  package let id: Int32

  /// What a child has as one of its standard streams.
  package enum Stream: Sendable {
    /// The parent's own.
    case inherited
    /// /dev/null.
    case none
    /// A descriptor that the parent keeps owning.
    case descriptor(Int32)
  }

  /// Starts `path` with `arguments` (the first is the program's name) and exactly `environment` (nil: the parent's own).
  package init(
    _ path: FilePath, _ arguments: [String], environment: [String]? = nil, input: Stream = .inherited,
    output: Stream = .inherited, error: Stream = .inherited
  ) throws(SystemError) {
    var actions = unsafe posix_spawn_file_actions_t()
    unsafe posix_spawn_file_actions_init(&actions)
    defer { unsafe _ = posix_spawn_file_actions_destroy(&actions) }
    for (number, stream) in [input, output, error].enumerated() {
      switch stream {
      case .inherited: break
      case .none: unsafe posix_spawn_file_actions_addopen(&actions, Int32(number), "/dev/null", number == 0 ? O_RDONLY : O_WRONLY, 0)
      case .descriptor(let descriptor): unsafe posix_spawn_file_actions_adddup2(&actions, descriptor, Int32(number))
      }
    }
    // A caller that reads its signals from a descriptor, and any worker thread, has them blocked: a program expects none.
    var attributes = posix_spawnattr_t()
    unsafe posix_spawnattr_init(&attributes)
    defer { unsafe _ = posix_spawnattr_destroy(&attributes) }
    var none = sigset_t()
    unsafe sigemptyset(&none)
    unsafe posix_spawnattr_setsigmask(&attributes, &none)
    unsafe posix_spawnattr_setflags(&attributes, Int16(POSIX_SPAWN_SETSIGMASK))
    var child: pid_t = 0
    var reason: Int32 = 0
    unsafe withCStrings(arguments) { arguments in
      unsafe withCStrings(environment ?? Environment.all) { environment in
        unsafe path.withPlatformString { path in
          unsafe reason = posix_spawn(&child, path, &actions, &attributes, arguments, environment)
        }
      }
    }
    if reason != 0 { throw SystemError("exec", path, Errno(rawValue: reason)) }
    id = child
  }

  /// Waits for the end of the child.
  package consuming func wait() throws(SystemError) -> ExitStatus {
    guard let ended = try waitForProcess(id) else { throw SystemError("wait", "pid \(id)", .noChildProcess) }
    return ended.status
  }
}
