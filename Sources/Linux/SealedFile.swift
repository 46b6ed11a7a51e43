internal import CLinux
internal import Glibc
package import SystemPackage

extension OwnedDescriptor {
  /// A copy of the file at `path` that lives in memory and can never be changed again (memfd_create(2), `F_ADD_SEALS`).
  package static func sealedCopy(of path: FilePath) throws(SystemError) -> OwnedDescriptor {
    let source = try openFile(path, .readOnly)
    let size = try source.status().size
    // MFD_CLOEXEC | MFD_ALLOW_SEALING
    let copy = OwnedDescriptor(try valueOrError("memfd_create", quoted(path)) { unsafe clinux_memfd_create("runc-swift", 3) })
    var copied: Int64 = 0
    while copied < size {
      let count = try valueOrError("sendfile", quoted(path)) { clinux_sendfile(copy.rawValue, source.rawValue, Int(size - copied)) }
      if count == 0 { throw SystemError("sendfile", path, .ioError) }
      copied += Int64(count)
    }
    try nothingOrError("fcntl", "F_ADD_SEALS") { clinux_fcntl(copy.rawValue, 1033, 0xf) }
    return copy
  }

  /// Whether this is such a copy.
  package func isSealed() throws(SystemError) -> Bool {
    let file = try openFile(procPath, .readOnly)
    return try valueOrError("fcntl", "F_GET_SEALS") { clinux_fcntl(file.rawValue, 1034, 0) } & 0xf == 0xf
  }
}
