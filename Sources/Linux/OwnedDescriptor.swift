internal import CLinux
internal import Glibc
package import SystemPackage

/// A file descriptor with one owner: closed when the owner goes, always close-on-exec.
///
/// Close errors are ignored: data that must be durable is synced before (``OwnedDescriptor/synchronize()``).
package struct OwnedDescriptor: ~Copyable {
  package let rawValue: Int32

  /// Takes ownership of `rawValue`.
  package init(_ rawValue: Int32) { self.rawValue = rawValue }

  deinit { close(rawValue) }

  /// Gives the descriptor up without closing it.
  package consuming func release() -> Int32 {
    let value = rawValue
    discard self
    return value
  }

  /// A second descriptor for the same open file description (`F_DUPFD_CLOEXEC`, fcntl(2)).
  package func duplicate(atLeast minimum: Int32 = 3) throws(SystemError) -> OwnedDescriptor {
    OwnedDescriptor(
      try valueOrError("dup", "descriptor \(rawValue)") { clinux_fcntl(rawValue, F_DUPFD_CLOEXEC, Int(minimum)) })
  }

  /// `/proc/self/fd/N`: a name for calls that take only paths. Valid while the descriptor is open and /proc is mounted.
  package var procPath: FilePath { FilePath("/proc/self/fd/\(rawValue)") }
}
