internal import Dockerfile

/// A git repository as docker build and ADD name it: `ADDRESS[#[REF][:DIRECTORY]]`, or with `?ref=REF&subdir=DIRECTORY…`.
package struct GitReference: Hashable, Sendable {
  package let remote: String
  /// A branch, a tag, a full ref or a commit; nil is the remote's HEAD.
  package private(set) var reference: String?
  package private(set) var subdirectory: String?
  /// `?checksum=`: the commit that it must be, or its beginning.
  package var checksum: String?
  package private(set) var keepsGitDirectory: Bool?

  /// Nil for what is no address of a git repository; an error for one that cannot be right.
  package init?(_ text: String) throws(BuildError) {
    let parts = text.split(separator: "#", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    var address = parts[0]
    var query: Substring?
    if address.contains("://"), let mark = address.firstIndex(of: "?") {
      query = address[address.index(after: mark)...]
      address = String(address[..<mark])
    }
    guard Self.isRepository(address) else { return nil }
    remote = address.hasPrefix("github.com/") ? "https://\(address)" : address
    if parts.count == 2 {
      let fragment = parts[1].split(separator: ":", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      reference = fragment[0].isEmpty ? nil : fragment[0]
      subdirectory = fragment.count == 2 && !fragment[1].isEmpty ? fragment[1] : nil
    }
    for field in query?.split(separator: "&") ?? [] { try take(field, of: text) }
    // A word that git would take for an option is no name.
    if remote.hasPrefix("-") || reference?.hasPrefix("-") == true { throw BuildError("'\(text)': a name must not begin with '-'") }
  }

  private mutating func take(_ field: Substring, of text: String) throws(BuildError) {
    let parts = field.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    let value = parts.count == 2 ? parts[1] : ""
    switch parts[0] {
    case "ref", "branch", "tag":
      if reference != nil { throw BuildError("'\(text)': the ref is given twice") }
      reference = (["branch": "refs/heads/", "tag": "refs/tags/"][parts[0]] ?? "") + value
    case "subdir": subdirectory = value
    case "checksum", "commit": checksum = value
    case "keep-git-dir": keepsGitDirectory = value.isEmpty ? true : goBool(value)
    case "submodules": break
    default: throw BuildError("'\(text)': unknown query '\(parts[0])', expected ref, branch, tag, subdir, checksum or keep-git-dir")
    }
  }

  private static func isRepository(_ address: String) -> Bool {
    for scheme in ["git://", "ssh://", "git@", "github.com/"] where address.hasPrefix(scheme) { return true }
    return (address.hasPrefix("http://") || address.hasPrefix("https://")) && address.hasSuffix(".git")
  }

  /// Holds a commit against the one that it must be.
  func check(_ commit: String) throws(BuildError) {
    if let checksum, !commit.hasPrefix(checksum.lowercased()) {
      throw BuildError("'\(remote)': expected the commit '\(checksum)', got '\(commit)'")
    }
  }

  /// A whole commit, which names the same content for ever.
  static func isCommit(_ text: String) -> Bool { [40, 64].contains(text.utf8.count) && text.allSatisfy { $0.isHexDigit && $0.isASCII } }
}
