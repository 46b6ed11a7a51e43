internal import Glibc
package import SystemPackage

/// faccessat(2) with the effective ids: whether the caller may execute `path`, inside whatever root it has taken.
package func checkExecutable(_ path: FilePath) throws(SystemError) {
  // AT_EACCESS
  try nothingOrError("access", quoted(path)) { unsafe path.withPlatformString { unsafe faccessat(AT_FDCWD, $0, X_OK, 0x200) } }
}

extension OwnedDescriptor {
  /// The file's first bytes, at most `count`.
  package func readStart(_ count: Int) throws(SystemError) -> [UInt8] {
    var bytes = [UInt8](repeating: 0, count: count)
    let got = try valueOrError("read", "descriptor \(rawValue)") { unsafe pread(rawValue, &bytes, count, 0) }
    return Array(bytes[..<got])
  }
}
