internal import CLinux
internal import Glibc
package import SystemPackage

extension OwnedDescriptor {
  /// Copies from the position of this file to its end (sendfile(2)).
  package func copyContent(to target: borrowing OwnedDescriptor) throws(SystemError) {
    let out = target.rawValue
    while try valueOrError("sendfile", "descriptor \(rawValue)", retryOnInterrupt: true, { clinux_sendfile(out, rawValue, 1 << 30) }) > 0 {}
  }

  /// fchmodat(2) of `name`, which must not be a symbolic link.
  package func changePermissions(_ name: FilePath, _ permissions: UInt32) throws(SystemError) {
    try nothingOrError("chmod", quoted(name)) { unsafe name.withPlatformString { unsafe fchmodat(rawValue, $0, mode_t(permissions), 0) } }
  }
}
