internal import Glibc
package import SystemPackage

/// An flock(2) on a file of its own, held until this value goes or the process dies, whatever kills it.
package struct FileLock: ~Copyable {
  package enum Kind { case shared, exclusive }
  private let file: OwnedDescriptor
  /// For a child that is to hold the lock on: it is free when the last descriptor of it is closed.
  package var rawValue: Int32 { file.rawValue }

  /// Waits for the lock; with `waiting` false a lock that another holds is EWOULDBLOCK. The file is made if it is missing.
  package init(_ path: FilePath, _ kind: Kind, waiting: Bool = true, mode: UInt32 = 0o644) throws(SystemError) {
    let opened = try openFile(path, [.readWrite, .create], mode: mode)
    let operation = (kind == .shared ? LOCK_SH : LOCK_EX) | (waiting ? 0 : LOCK_NB)
    let descriptor = opened.rawValue
    try nothingOrError("lock", quoted(path)) { flock(descriptor, operation) }
    file = opened
  }
}

extension OwnedDescriptor {
  /// Waits for the exclusive flock(2) on the file itself, held until the last descriptor of this opening of it is closed.
  package func lock() throws(SystemError) {
    try nothingOrError("lock", "descriptor \(rawValue)") { flock(rawValue, LOCK_EX) }
  }
}
