internal import CLinux
internal import Glibc
package import SystemPackage

/// What kind of file an inode is (inode(7)).
package enum FileKind: Sendable {
  case regular, directory, symbolicLink, characterDevice, blockDevice, fifo, socket

  init?(mode: UInt32) {
    switch mode & S_IFMT {
    case S_IFREG: self = .regular
    case S_IFDIR: self = .directory
    case S_IFLNK: self = .symbolicLink
    case S_IFCHR: self = .characterDevice
    case S_IFBLK: self = .blockDevice
    case S_IFIFO: self = .fifo
    case S_IFSOCK: self = .socket
    default: return nil
    }
  }

  init?(directoryType: UInt8) {
    // DT_* are S_IF* shifted right by 12 (readdir(3)).
    self.init(mode: UInt32(directoryType) << 12)
  }
}

/// A point in time as the kernel keeps it: seconds since 1970 (may be negative) and nanoseconds (0..<1e9).
package struct Timestamp: Hashable, Comparable, Sendable {
  package var seconds: Int64
  package var nanoseconds: UInt32

  package init(seconds: Int64, nanoseconds: UInt32 = 0) {
    self.seconds = seconds
    self.nanoseconds = nanoseconds
  }

  package static func < (a: Timestamp, b: Timestamp) -> Bool {
    (a.seconds, a.nanoseconds) < (b.seconds, b.nanoseconds)
  }
}

/// The metadata of an inode, as stat(2) gives it.
package struct FileStatus: Sendable {
  package let kind: FileKind
  /// Permission bits with set-user-ID, set-group-ID and sticky: 0...0o7777.
  package let permissions: UInt32
  package let userID: UInt32
  package let groupID: UInt32
  /// Bytes.
  package let size: Int64
  package let linkCount: UInt64
  package let device: UInt64
  package let inode: UInt64
  /// The device that a device node stands for, as makedev(3) packs it.
  package let representedDevice: UInt64
  package let modified: Timestamp
  package let changed: Timestamp

  init(_ status: stat) throws(SystemError) {
    guard let kind = FileKind(mode: status.st_mode) else { throw SystemError("stat", nil, .invalidArgument) }
    self.kind = kind
    permissions = status.st_mode & 0o7777
    userID = status.st_uid
    groupID = status.st_gid
    size = Int64(status.st_size)
    linkCount = UInt64(status.st_nlink)
    device = UInt64(status.st_dev)
    inode = UInt64(status.st_ino)
    representedDevice = UInt64(status.st_rdev)
    modified = Timestamp(seconds: Int64(status.st_mtim.tv_sec), nanoseconds: UInt32(status.st_mtim.tv_nsec))
    changed = Timestamp(seconds: Int64(status.st_ctim.tv_sec), nanoseconds: UInt32(status.st_ctim.tv_nsec))
  }
}

extension OwnedDescriptor {
  /// fstat(2).
  package func status() throws(SystemError) -> FileStatus {
    var status = stat()
    try nothingOrError("fstat", "descriptor \(rawValue)") { unsafe fstat(rawValue, &status) }
    return try FileStatus(status)
  }

  /// fstatat(2) of `name` in this directory; a symbolic link is not followed unless `following`.
  package func status(of name: FilePath, following: Bool = false) throws(SystemError) -> FileStatus {
    var status = stat()
    try nothingOrError("stat", quoted(name)) {
      unsafe name.withPlatformString { name in unsafe fstatat(rawValue, name, &status, following ? 0 : AT_SYMLINK_NOFOLLOW) }
    }
    return try FileStatus(status)
  }
}

/// stat(2) of a path that tote or the user names; symbolic links are followed unless `following` is false.
package func fileStatus(_ path: FilePath, following: Bool = true) throws(SystemError) -> FileStatus {
  var status = stat()
  try nothingOrError("stat", quoted(path)) {
    unsafe path.withPlatformString { name in unsafe fstatat(AT_FDCWD, name, &status, following ? 0 : AT_SYMLINK_NOFOLLOW) }
  }
  return try FileStatus(status)
}
