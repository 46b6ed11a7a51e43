internal import Glibc
package import SystemPackage

/// rename(2) of a path that tote itself made.
package func renameFile(_ old: FilePath, to new: FilePath) throws(SystemError) {
  try nothingOrError("rename", "\(quoted(old)) to \(quoted(new))") {
    unsafe old.withPlatformString { old in unsafe new.withPlatformString { new in unsafe rename(old, new) } }
  }
}
