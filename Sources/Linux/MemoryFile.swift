internal import CLinux
internal import Glibc

/// memfd_create(2): an unnamed file in memory; `name` shows in /proc only.
package func makeMemoryFile(_ name: String) throws(SystemError) -> OwnedDescriptor {
  OwnedDescriptor(try valueOrError("memfd_create", quoted(name)) { unsafe memfd_create(name, 1) })
}

extension OwnedDescriptor {
  /// lseek(2) to the file's start.
  package func rewind() throws(SystemError) { try seek(to: 0) }
}
