internal import CLinux
internal import Glibc
internal import SystemPackage

/// Kinds of namespaces (`CLONE_NEW*`, namespaces(7)).
package struct NamespaceKinds: OptionSet, Hashable, Sendable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }
  package static let time = NamespaceKinds(rawValue: 0x80)
  package static let mount = NamespaceKinds(rawValue: 0x2_0000)
  package static let cgroup = NamespaceKinds(rawValue: 0x200_0000)
  package static let uts = NamespaceKinds(rawValue: 0x400_0000)
  package static let ipc = NamespaceKinds(rawValue: 0x800_0000)
  package static let user = NamespaceKinds(rawValue: 0x1000_0000)
  package static let pid = NamespaceKinds(rawValue: 0x2000_0000)
  package static let network = NamespaceKinds(rawValue: 0x4000_0000)
}

/// unshare(2): new namespaces of these kinds for the caller (for pid and time: for its children).
package func unshare(_ kinds: NamespaceKinds, object: @autoclosure () -> String) throws(SystemError) {
  try nothingOrError("unshare", object()) { clinux_unshare(Int32(truncatingIfNeeded: kinds.rawValue)) }
}

/// Whether this process has less than the machine's root: an ordinary user, or root of a user namespace, which is an ordinary user's.
/// The number of the first user namespace's inode is fixed (PROC_USER_INIT_INO).
package var isRootless: Bool {
  if effectiveUserID != 0 { return true }
  guard let namespace = try? fileStatus("/proc/self/ns/user") else { return false }
  return namespace.inode != 0xEFFF_FFFD
}

extension OwnedDescriptor {
  /// setns(2): moves the caller into the namespace that this descriptor is, or, for a pidfd, into those of `kinds` of that process.
  package func enterNamespaces(_ kinds: NamespaceKinds, object: @autoclosure () -> String) throws(SystemError) {
    try nothingOrError("setns", object()) { clinux_setns(rawValue, Int32(truncatingIfNeeded: kinds.rawValue)) }
  }

  /// The kind of namespace that this descriptor of an nsfs file is (`NS_GET_NSTYPE`, ioctl_ns(2)).
  package func namespaceKind() throws(SystemError) -> NamespaceKinds {
    let value = try valueOrError("ioctl", "namespace descriptor \(rawValue)") { clinux_ioctl(rawValue, 0xb703, nil) }
    return NamespaceKinds(rawValue: UInt64(UInt32(bitPattern: value)))
  }
}
