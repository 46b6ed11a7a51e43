internal import CLinux
internal import Glibc
package import SystemPackage

extension OwnedDescriptor {
  /// symlinkat(2): `name` in this directory, pointing to `target`, which is taken as it stands.
  package func makeSymbolicLink(_ name: FilePath, to target: [UInt8]) throws(SystemError) {
    let target = target.map { CChar(bitPattern: $0) } + [0]
    try nothingOrError("symlink", quoted(name)) {
      unsafe name.withPlatformString { name in unsafe symlinkat(target, rawValue, name) }
    }
  }

  /// readlinkat(2): the target's bytes.
  package func readSymbolicLink(_ name: FilePath) throws(SystemError) -> [UInt8] {
    var target = [UInt8](repeating: 0, count: 4096)
    let count = try valueOrError("readlink", quoted(name)) {
      unsafe target.withUnsafeMutableBytes { buffer in
        guard let base = buffer.baseAddress else { return 0 }
        return unsafe name.withPlatformString { name in
          unsafe readlinkat(rawValue, name, base.assumingMemoryBound(to: CChar.self), buffer.count)
        }
      }
    }
    return Array(target[..<count])
  }

  /// linkat(2): `name` in `directory` becomes another name of `old` in this directory. A symbolic link is linked itself.
  package func makeLink(_ old: FilePath, as name: FilePath, in directory: borrowing OwnedDescriptor) throws(SystemError) {
    let other = directory.rawValue
    try nothingOrError("link", "\(quoted(name)) to \(quoted(old))") {
      unsafe old.withPlatformString { old in
        unsafe name.withPlatformString { name in unsafe linkat(rawValue, old, other, name, 0) }
      }
    }
  }

  /// mknodat(2): a device node, FIFO or socket. `mode` is subject to the umask.
  package func makeNode(
    _ name: FilePath, _ kind: FileKind, mode: UInt32, major: UInt32 = 0, minor: UInt32 = 0
  ) throws(SystemError) {
    let type: UInt32 =
      switch kind {
      case .characterDevice: S_IFCHR
      case .blockDevice: S_IFBLK
      case .fifo: S_IFIFO
      case .socket: S_IFSOCK
      case .regular: S_IFREG
      case .directory, .symbolicLink: throw SystemError("mknod", name, .invalidArgument)
      }
    try nothingOrError("mknod", quoted(name)) {
      unsafe name.withPlatformString { name in
        unsafe mknodat(rawValue, name, type | (mode & 0o7777), dev_t(clinux_makedev(major, minor)))
      }
    }
  }
}

extension FileStatus {
  /// The numbers of the device that a device node stands for.
  package var deviceNumbers: (major: UInt32, minor: UInt32) {
    (clinux_major(representedDevice), clinux_minor(representedDevice))
  }
}
