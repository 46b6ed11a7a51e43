internal import Glibc
package import SystemPackage

extension OwnedDescriptor {
  /// fchown(2). Clears set-user-ID, set-group-ID and `security.capability`: change mode and attributes afterwards.
  package func changeOwner(userID: UInt32, groupID: UInt32) throws(SystemError) {
    try nothingOrError("chown", "descriptor \(rawValue)") { fchown(rawValue, userID, groupID) }
  }

  /// fchownat(2) of `name` in this directory, which is not followed.
  package func changeOwner(of name: FilePath, userID: UInt32, groupID: UInt32) throws(SystemError) {
    try nothingOrError("chown", quoted(name)) {
      unsafe name.withPlatformString { unsafe fchownat(rawValue, $0, userID, groupID, AT_SYMLINK_NOFOLLOW) }
    }
  }

  /// chmod(2) of whatever this descriptor, which may be one of `O_PATH`, stands for: never through a symbolic link. Needs /proc.
  package func changeModeByPath(_ mode: UInt32) throws(SystemError) {
    try nothingOrError("chmod", "descriptor \(rawValue)") {
      unsafe procPath.withPlatformString { unsafe chmod($0, mode_t(mode)) }
    }
  }

  /// futimens(3): the modification time; the access time becomes the same.
  package func setModified(_ time: Timestamp) throws(SystemError) {
    let times = [timespec(time), timespec(time)]
    try nothingOrError("utimens", "descriptor \(rawValue)") { unsafe futimens(rawValue, times) }
  }

  /// utimensat(2) of `name` in this directory, which is not followed.
  package func setModified(of name: FilePath, _ time: Timestamp) throws(SystemError) {
    let times = [timespec(time), timespec(time)]
    try nothingOrError("utimens", quoted(name)) {
      unsafe name.withPlatformString { unsafe utimensat(rawValue, $0, times, AT_SYMLINK_NOFOLLOW) }
    }
  }
}

extension timespec {
  fileprivate init(_ time: Timestamp) {
    self.init(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds))
  }
}
