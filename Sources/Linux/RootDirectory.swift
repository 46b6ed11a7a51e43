internal import CLinux
internal import Glibc
package import SystemPackage

/// A directory taken as `/` of somebody we do not trust: the only door to paths inside a root file system.
///
/// Every path is resolved by openat2(2) with `RESOLVE_IN_ROOT`, so that `..` and absolute symbolic links end inside it, and
/// `RESOLVE_NO_MAGICLINKS`, so that no link in a procfs leads out (CVE-2019-5736, CVE-2021-30465, CVE-2024-45310).
package struct RootDirectory: ~Copyable {
  package let descriptor: OwnedDescriptor

  package init(_ path: FilePath) throws(SystemError) {
    descriptor = try openFile(path, [.path, .directory])
  }

  package init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }

  /// How a path is resolved, beyond staying inside.
  package struct Resolution: OptionSet, Sendable {
    package let rawValue: UInt64
    package init(rawValue: UInt64) { self.rawValue = rawValue }
    /// `RESOLVE_NO_SYMLINKS`: a symbolic link anywhere is ELOOP.
    package static let noSymbolicLinks = Resolution(rawValue: UInt64(RESOLVE_NO_SYMLINKS))
    /// `RESOLVE_NO_XDEV`: crossing a mount is EXDEV.
    package static let noMounts = Resolution(rawValue: UInt64(RESOLVE_NO_XDEV))
  }

  /// Opens `path` as a process whose root this is would.
  package func open(
    _ path: FilePath, _ flags: OpenFlags, mode: UInt32 = 0, resolution: Resolution = []
  ) throws(SystemError) -> OwnedDescriptor {
    let resolve = UInt64(RESOLVE_IN_ROOT | RESOLVE_NO_MAGICLINKS) | resolution.rawValue
    let name = path.isEmpty ? FilePath(".") : path
    let root = descriptor.rawValue
    // EAGAIN: a rename raced with the resolution of `..` (openat2(2), RESOLVE_IN_ROOT).
    for _ in 0..<128 {
      do {
        return OwnedDescriptor(
          try valueOrError("open", quoted(path)) {
            unsafe name.withPlatformString { name in
              unsafe clinux_openat2(root, name, UInt64(flags.rawValue | O_CLOEXEC), UInt64(mode), resolve)
            }
          })
      } catch  where error.errno == .resourceTemporarilyUnavailable {
        continue
      }
    }
    throw SystemError("open", path, .resourceTemporarilyUnavailable)
  }

  /// The whole content of a regular file inside; a FIFO or a device in its place is refused instead of waited for.
  package func readFile(_ path: FilePath, limit: Int = 4 << 20) throws(SystemError) -> [UInt8] {
    let file = try open(path, [.readOnly, .nonBlocking, .noControllingTerminal])
    guard try file.status().kind == .regular else { throw SystemError("read", path, .invalidArgument) }
    do { return try file.readAll(limit: limit) } catch { throw SystemError("read", path, error.errno) }
  }

  /// Opens the directory `path`, making what is missing of it component by component, each from the descriptor of the last.
  /// `created` is called with each directory that was made, to give it an owner.
  package func makeDirectories(
    _ path: FilePath, mode: UInt32 = 0o755, created: (borrowing OwnedDescriptor) throws(SystemError) -> Void = { _ in }
  ) throws(SystemError) -> OwnedDescriptor {
    var walked = FilePath("")
    var current = try open(FilePath("."), [.path, .directory])
    for component in path.components where component.kind != .currentDirectory {
      walked.append(component)
      let name = FilePath(root: nil, [component])
      do {
        current = try open(walked, [.path, .directory])
      } catch  where error.errno == .noSuchFileOrDirectory {
        if component.kind == .parentDirectory { throw error }
        do { try current.makeDirectory(name, mode: mode) } catch  where error.errno == .fileExists {
          // A symbolic link that leads nowhere: making its target would be somebody else's choice of a place.
          throw SystemError("mkdir", path, .fileExists)
        }
        let made = try current.open(name, [.readOnly, .directory, .noFollow])
        try created(made)
        current = made
      }
    }
    return current
  }
}
