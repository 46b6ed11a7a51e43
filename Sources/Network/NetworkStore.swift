internal import Linux
package import SystemPackage

/// Where networks and what is attached to them are kept: durable below `root`, until the next boot below `runRoot`.
package struct NetworkStore: Sendable {
  package static let defaultRoot = FilePath("/var/lib/tote")
  package static let defaultRunRoot = FilePath("/run/tote")

  package let root: FilePath
  package let runRoot: FilePath

  package init(root: FilePath, runRoot: FilePath) {
    self.root = root
    self.runRoot = runRoot
  }

  var networks: FilePath { root.appending("networks") }
  func directory(_ network: String) -> FilePath { networks.appending(network) }
  func leases(_ network: String) -> FilePath { directory(network).appending("leases") }

  /// What ``AttachmentRecord`` is kept in.
  func record(of owner: String) -> FilePath { runRoot.appending("network").appending(owner + ".json") }

  /// The names of all networks that have been made, sorted.
  package func networkNames() throws(NetworkError) -> [String] {
    try attempting("networks") { () throws(SystemError) in
      do throws(SystemError) {
        return try openFile(networks, [.readOnly, .directory]).entries()
          .filter { $0.kind != .regular }.map(\.name.string).sorted()
      } catch  where error.errno == .noSuchFileOrDirectory {
        return []
      }
    }
  }

  /// Holds everybody else off a network's device and leases.
  func lock(_ network: String) throws(NetworkError) -> FileLock {
    try attempting("network '\(network)'") { () throws(SystemError) in
      do throws(SystemError) { return try FileLock(directory(network).appending(".lock"), .exclusive) } catch
        where error.errno == .noSuchFileOrDirectory
      {
        try makeDirectories(leases(network))
        return try FileLock(directory(network).appending(".lock"), .exclusive)
      }
    }
  }
}

/// Whether `name` may name a network or an owner: it becomes a file's name and a word of a line. docker's rule for names.
package func isValidName(_ name: String) -> Bool {
  guard let first = name.utf8.first, name.utf8.count <= 240 else { return false }
  func isAlphanumeric(_ byte: UInt8) -> Bool { (48...57).contains(byte) || (65...90).contains(byte) || (97...122).contains(byte) }
  return isAlphanumeric(first) && name.utf8.allSatisfy { isAlphanumeric($0) || $0 == 0x5f || $0 == 0x2e || $0 == 0x2d || $0 == 0x2b }
}
