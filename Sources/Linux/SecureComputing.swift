internal import CLinux
internal import Glibc
internal import SystemPackage

/// seccomp(2).
package enum SecureComputing {
  /// `SECCOMP_FILTER_FLAG_*`.
  package struct FilterFlags: OptionSet, Hashable, Sendable {
    package let rawValue: UInt32
    package init(rawValue: UInt32) { self.rawValue = rawValue }
    /// All threads of the process take the filter, not only the caller.
    package static let threadSync = FilterFlags(rawValue: 1)
    package static let log = FilterFlags(rawValue: 2)
    /// No mitigation of speculative store bypass.
    package static let specAllow = FilterFlags(rawValue: 4)
    package static let newListener = FilterFlags(rawValue: 8)
    /// A thread that cannot follow is ESRCH instead of its id, so that a listener's descriptor can be told apart.
    package static let threadSyncESRCH = FilterFlags(rawValue: 16)
    package static let waitKillableReceive = FilterFlags(rawValue: 32)
  }

  /// `SECCOMP_SET_MODE_FILTER`: puts the calling thread under a program of classic BPF, 8 bytes an instruction. Needs
  /// CAP_SYS_ADMIN or no_new_privs. Gives the listener that `.newListener` asks for.
  package static func setFilter(_ program: [UInt8], _ flags: FilterFlags) throws(SystemError) -> OwnedDescriptor? {
    guard program.count % 8 == 0, let count = UInt16(exactly: program.count / 8), count > 0 else {
      throw SystemError("seccomp", "a program of \(program.count) bytes", .invalidArgument)
    }
    let value = try valueOrError("seccomp", "filter of \(count) instructions") {
      unsafe program.withUnsafeBytes { bytes in
        unsafe clinux_seccomp_set_filter(flags.rawValue, bytes.baseAddress, count)
      }
    }
    return flags.contains(.newListener) ? OwnedDescriptor(value) : nil
  }

  /// Whether the kernel knows filter flags: asked with a null program, which is EFAULT where it does (seccomp(2), NOTES).
  package static func supports(_ flags: FilterFlags) -> Bool {
    clinux_seccomp_probe_flags(flags.rawValue) < 0 && errno == EFAULT
  }
}
