internal import CLinux
internal import Glibc
package import SystemPackage

/// The attributes of one mount (`MOUNT_ATTR_*`, mount_setattr(2)).
package struct MountAttributes: OptionSet, Hashable, Sendable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }
  package static let readOnly = MountAttributes(rawValue: 0x1)
  package static let noSetuid = MountAttributes(rawValue: 0x2)
  package static let noDevices = MountAttributes(rawValue: 0x4)
  package static let noExecute = MountAttributes(rawValue: 0x8)
  /// The field that the three access-time modes share: clear it when one of them is set.
  package static let accessTimeField = MountAttributes(rawValue: 0x70)
  package static let relativeAccessTime = MountAttributes([])
  package static let noAccessTime = MountAttributes(rawValue: 0x10)
  package static let strictAccessTime = MountAttributes(rawValue: 0x20)
  package static let noDirectoryAccessTime = MountAttributes(rawValue: 0x80)
  /// Those that a bind mount has or has not whatever its source has.
  package static let exactOnes: MountAttributes = [.readOnly, .noSetuid, .noDevices, .noExecute, .noSymbolicLinks]
  package static let idMapped = MountAttributes(rawValue: 0x10_0000)
  package static let noSymbolicLinks = MountAttributes(rawValue: 0x20_0000)
}

/// How mounts and unmounts below a mount spread to others (mount_namespaces(7)); the raw values are `MS_*`.
package enum MountPropagation: UInt64, Hashable, Sendable {
  case unbindable = 0x2_0000
  case `private` = 0x4_0000
  case slave = 0x8_0000
  case shared = 0x10_0000
}

private let emptyPath: UInt32 = 0x1000  // AT_EMPTY_PATH
private let wholeTree: UInt32 = 0x8000  // AT_RECURSIVE

/// A detached copy (`OPEN_TREE_CLONE`) of the mount at `path`, a host path that the user or tote names: nothing sees it until it is attached.
package func cloneMount(_ path: FilePath, recursive: Bool) throws(SystemError) -> OwnedDescriptor {
  OwnedDescriptor(
    try valueOrError("open_tree", quoted(path)) {
      unsafe path.withPlatformString { name in
        unsafe clinux_open_tree(AT_FDCWD, name, 1 | UInt32(O_CLOEXEC) | (recursive ? wholeTree : 0))
      }
    })
}

extension OwnedDescriptor {
  /// A detached copy of the mount that this descriptor (`O_PATH` will do) stands on, with its file or directory as the root.
  package func cloneMount(recursive: Bool, object: @autoclosure () -> String) throws(SystemError) -> OwnedDescriptor {
    OwnedDescriptor(
      try valueOrError("open_tree", object()) {
        unsafe clinux_open_tree(rawValue, "", 1 | emptyPath | UInt32(O_CLOEXEC) | (recursive ? wholeTree : 0))
      })
  }

  /// Attaches this detached mount on `target`, both by descriptor, so that no path is resolved (move_mount(2)).
  package func attachMount(on target: borrowing OwnedDescriptor, object: @autoclosure () -> String) throws(SystemError) {
    let descriptor = target.rawValue
    // MOVE_MOUNT_F_EMPTY_PATH | MOVE_MOUNT_T_EMPTY_PATH
    try nothingOrError("move_mount", object()) { unsafe clinux_move_mount(rawValue, "", descriptor, "", 0x44) }
  }

  /// mount_setattr(2) on the mount that this descriptor stands on. `propagation` nil leaves it; `userNamespace` goes with ``MountAttributes/idMapped``.
  package func changeMount(
    set: MountAttributes = [], clear: MountAttributes = [], propagation: MountPropagation? = nil, userNamespace: Int32? = nil,
    recursive: Bool = false, object: @autoclosure () -> String
  ) throws(SystemError) {
    try nothingOrError("mount_setattr", object()) {
      unsafe clinux_mount_setattr(
        rawValue, "", emptyPath | (recursive ? wholeTree : 0), set.rawValue, clear.rawValue, propagation?.rawValue ?? 0,
        UInt64(max(userNamespace ?? 0, 0)))
    }
  }

  /// umount2(2) of `name` in this directory, with `MNT_DETACH` and never through a symbolic link.
  package func unmount(_ name: FilePath) throws(SystemError) {
    let path = FilePath("/proc/self/fd/\(rawValue)").pushing(name)
    try detachMount(path)
  }
}

/// umount2(2) with `MNT_DETACH | UMOUNT_NOFOLLOW`.
package func detachMount(_ path: FilePath) throws(SystemError) {
  try nothingOrError("umount", quoted(path)) { unsafe path.withPlatformString { unsafe umount2($0, 2 | 8) } }
}

/// mount(2), for what the descriptor-based calls cannot say.
package func mount(
  _ source: String, on target: FilePath, type: String = "", flags: UInt = 0, data: String = ""
) throws(SystemError) {
  try nothingOrError("mount", "\(quoted(source)) on \(quoted(target))") {
    unsafe target.withPlatformString { unsafe Glibc.mount(source, $0, type, flags, data) }
  }
}

/// Makes the working directory the root and puts the old root on top of it, then lets go of that: `pivot_root(".", ".")`, pivot_root(2) NOTES.
package func pivotRootToWorkingDirectory() throws(SystemError) {
  try nothingOrError("pivot_root", "'.'") { unsafe clinux_pivot_root(".", ".") }
}

/// chroot(2) to the working directory.
package func changeRootToWorkingDirectory() throws(SystemError) {
  try nothingOrError("chroot", "'.'") { unsafe chroot(".") }
}

/// A file system's kind (`f_type`) and the flags of the mount (`ST_*`), as statfs(2) gives them.
package struct FileSystemStatus: Sendable {
  package let magic: UInt64
  package let mountFlags: UInt64
  package static let procMagic: UInt64 = 0x9fa0
  package static let sysfsMagic: UInt64 = 0x6265_6572
  package static let devptsMagic: UInt64 = 0x1cd1
  package static let cgroupMagic: UInt64 = 0x27_e0eb
  package static let cgroup2Magic: UInt64 = 0x6367_7270
  package static let tmpfsMagic: UInt64 = 0x0102_1994
  package static let nsfsMagic: UInt64 = 0x6e73_6673
  package var isReadOnly: Bool { mountFlags & 1 != 0 }
}

extension OwnedDescriptor {
  /// fstatfs(2).
  package func fileSystemStatus() throws(SystemError) -> FileSystemStatus {
    var type: UInt64 = 0
    var flags: UInt64 = 0
    try nothingOrError("statfs", "descriptor \(rawValue)") { unsafe clinux_fstatfs(rawValue, &type, &flags) }
    return FileSystemStatus(magic: type, mountFlags: flags)
  }

  /// fchdir(2).
  package func becomeWorkingDirectory() throws(SystemError) {
    try nothingOrError("chdir", "descriptor \(rawValue)") { fchdir(rawValue) }
  }
}
