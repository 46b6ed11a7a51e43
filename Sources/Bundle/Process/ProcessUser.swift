package import Linux
internal import SystemPackage

/// Whom the process runs as, looked up in the image's own files.
package struct ProcessUser: Hashable, Sendable {
  package var userID: UInt32 = 0
  package var groupID: UInt32 = 0
  package var additionalGroupIDs: [UInt32] = []
  /// The home directory that passwd(5) gives; `/` where it gives none.
  package var home = "/"

  /// Resolves `USER[:GROUP]`, names or numbers, and `--group-add`. Files that are not there are empty.
  package init(
    resolving text: String, groupAdd: [String], in root: borrowing RootDirectory
  ) throws(BundleError) {
    let passwords = AccountFile.passwords(try accountFile("/etc/passwd", in: root))
    let groups = AccountFile.groups(try accountFile("/etc/group", in: root))
    try self.init(resolving: text, groupAdd: groupAdd, passwords, groups)
  }

  init(
    resolving text: String, groupAdd: [String], _ passwords: [PasswordEntry], _ groups: [GroupEntry]
  ) throws(BundleError) {
    let parts = text.cut(at: ":")
    let userText = parts?.before ?? text, groupText = parts?.after ?? ""
    let entry = try setUser(userText, passwords)
    if !groupText.isEmpty {
      groupID = try ProcessUser.group(groupText, groups)
    } else if let entry {
      additionalGroupIDs = groups.filter { $0.members.contains(entry.name) }.map(\.groupID)
    }
    for name in groupAdd { additionalGroupIDs.append(try ProcessUser.additionalGroup(name, groups)) }
    additionalGroupIDs = unique([groupID] + additionalGroupIDs)
  }

  /// A name goes before a number, as libc's tools have it.
  private mutating func setUser(_ text: String, _ passwords: [PasswordEntry]) throws(BundleError) -> PasswordEntry? {
    let number = AccountFile.identifier(text)
    let found =
      text.isEmpty ? passwords.first { $0.userID == 0 } : passwords.first { $0.name == text } ?? passwords.first { $0.userID == number }
    if let found {
      userID = found.userID
      groupID = found.groupID
      home = found.home.hasPrefix("/") ? found.home : "/"
    } else if let number {
      userID = number
    } else if !text.isEmpty {
      if text.utf8.allSatisfy(isDigit) { throw .refused("uids and gids must be in range 0-2147483647") }
      throw .refused("unable to find user \(text): no matching entries in passwd file")
    }
    return found
  }

  private static func group(_ text: String, _ groups: [GroupEntry]) throws(BundleError) -> UInt32 {
    if let entry = groups.first(where: { $0.name == text }) { return entry.groupID }
    if let number = AccountFile.identifier(text) { return number }
    if text.utf8.allSatisfy(isDigit) { throw .refused("uids and gids must be in range 0-2147483647") }
    throw .refused("unable to find group \(text): no matching entries in group file")
  }

  private static func additionalGroup(_ text: String, _ groups: [GroupEntry]) throws(BundleError) -> UInt32 {
    if let entry = groups.first(where: { $0.name == text }) { return entry.groupID }
    if let number = AccountFile.identifier(text) { return number }
    throw .refused("Unable to find group \(text)")
  }
}

/// One of the image's account files: resolved inside its root, a regular file, at most 4 MiB; empty where there is none.
private func accountFile(_ path: FilePath, in root: borrowing RootDirectory) throws(BundleError) -> [UInt8] {
  do { return try root.readFile(path) } catch {
    if [.noSuchFileOrDirectory, .notDirectory].contains(error.errno) { return [] }
    throw .failed(attempt: "look up users", error)
  }
}
