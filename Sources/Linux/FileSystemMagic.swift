internal import CLinux
internal import Glibc
package import SystemPackage

/// The type of a file system as statfs(2) gives it in `f_type`.
package struct FileSystemMagic: Hashable, Sendable {
  package let rawValue: UInt64
  package init(rawValue: UInt64) { self.rawValue = rawValue }

  package static let cgroup = FileSystemMagic(rawValue: 0x27_e0eb)
  package static let cgroup2 = FileSystemMagic(rawValue: 0x6367_7270)
  package static let tmpfs = FileSystemMagic(rawValue: 0x0102_1994)
  package static let proc = FileSystemMagic(rawValue: 0x9fa0)
}

/// statfs(2) of a path that tote or the user names.
package func fileSystemMagic(_ path: FilePath) throws(SystemError) -> FileSystemMagic {
  var status = statfs()
  try nothingOrError("statfs", quoted(path)) {
    unsafe path.withPlatformString { name in unsafe statfs(name, &status) }
  }
  return FileSystemMagic(rawValue: UInt64(truncatingIfNeeded: status.f_type))
}
