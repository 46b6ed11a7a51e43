internal import Linux
internal import SystemPackage

/// The users and groups of an image, from its passwd(5) and group(5).
struct Accounts {
  private let users: [(name: String, id: UInt32, groupID: UInt32)]
  private let groups: [(name: String, id: UInt32)]

  init(in root: borrowing RootDirectory) throws(BuildError) {
    func lines(_ path: FilePath) throws(BuildError) -> [[Substring]] {
      let bytes: [UInt8]
      do throws(SystemError) { bytes = try root.readFile(path) } catch {
        if error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory { return [] }
        throw BuildError("cannot read the image's accounts: \(error)")
      }
      return String(decoding: bytes, as: UTF8.self).split(separator: "\n").map {
        $0.split(separator: ":", omittingEmptySubsequences: false)
      }
    }
    users = try lines("/etc/passwd").compactMap { fields in
      guard fields.count >= 4, let id = UInt32(fields[2]), let groupID = UInt32(fields[3]) else { return nil }
      return (String(fields[0]), id, groupID)
    }
    groups = try lines("/etc/group").compactMap { fields in
      guard fields.count >= 3, let id = UInt32(fields[2]) else { return nil }
      return (String(fields[0]), id)
    }
  }

  /// A user's id and group. `root` is known even where there are no accounts.
  func user(_ name: String) throws(BuildError) -> (id: UInt32, groupID: UInt32) {
    if let found = users.first(where: { $0.name == name }) { return (found.id, found.groupID) }
    if name == "root" { return (0, 0) }
    throw BuildError("user '\(name)' is not in the image's /etc/passwd")
  }

  func group(_ name: String) throws(BuildError) -> UInt32 {
    if let found = groups.first(where: { $0.name == name }) { return found.id }
    if name == "root" { return 0 }
    throw BuildError("group '\(name)' is not in the image's /etc/group")
  }
}

extension CopyRequest.Owner {
  /// Reads `user[:group]`, names or numbers; a number without a group is the group's, too. `accounts` is asked for only where there is a name.
  init(_ text: String, _ accounts: () throws(BuildError) -> Accounts) throws(BuildError) {
    let parts = text.split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    func number(_ text: String) -> UInt32? { text.utf8.allSatisfy { (48...57).contains($0) } ? UInt32(text) : nil }
    guard let first = parts.first, !first.isEmpty, parts.count == 1 || !parts[1].isEmpty else {
      throw BuildError("'\(text)': expected USER[:GROUP]")
    }
    if let id = number(first) {
      userID = id
      groupID = id
    } else {
      (userID, groupID) = try accounts().user(first)
    }
    if parts.count == 2 {
      if let id = number(parts[1]) { groupID = id } else { groupID = try accounts().group(parts[1]) }
    }
  }
}
