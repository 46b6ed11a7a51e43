internal import CLinux
internal import Glibc
package import SystemPackage

extension OwnedDescriptor {
  /// Gives an unnamed file (`OpenFlags.temporaryFile`) the name `name` in `directory` (linkat(2)). Fails with EEXIST where there
  /// is one: what is there stays. Goes through /proc, because naming a bare descriptor takes CAP_DAC_READ_SEARCH.
  package func link(as name: FilePath, in directory: borrowing OwnedDescriptor) throws(SystemError) {
    let target = directory.rawValue
    try nothingOrError("link", quoted(name)) {
      unsafe procPath.withPlatformString { from in
        unsafe name.withPlatformString { to in unsafe linkat(AT_FDCWD, from, target, to, AT_SYMLINK_FOLLOW) }
      }
    }
  }

  /// fchmod(2).
  package func changeMode(_ mode: UInt32) throws(SystemError) {
    try nothingOrError("chmod", "descriptor \(rawValue)") { fchmod(rawValue, mode_t(mode)) }
  }

  /// Reads up to `buffer.count` bytes from `offset` on, leaving the position alone (pread(2)).
  package func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws(SystemError) -> Int {
    try valueOrError("read", "descriptor \(rawValue)") {
      unsafe pread(rawValue, buffer.baseAddress, buffer.count, off_t(offset))
    }
  }

  /// Moves the position to `offset` bytes from the start (lseek(2)).
  package func seek(to offset: Int64) throws(SystemError) {
    _ = try valueOrError("seek", "descriptor \(rawValue)") { lseek(rawValue, off_t(offset), SEEK_SET) }
  }

  /// Waits until all that was written to this descriptor's file system is on its disk (syncfs(2)).
  package func synchronizeFileSystem() throws(SystemError) {
    try nothingOrError("syncfs", "descriptor \(rawValue)") { clinux_syncfs(rawValue) }
  }
}
