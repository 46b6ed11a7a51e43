internal import Linux
internal import SystemPackage

/// Fetches a repository through the `git` program.
struct GitCheckout {
  let reference: GitReference

  /// Local repositories and helpers that a submodule might name are out of reach (CVE-2022-39253); nothing is asked for on the terminal.
  private static let environment =
    Environment.all.filter { !["GIT_DIR", "GIT_WORK_TREE", "GIT_INDEX_FILE"].contains(String($0.prefix { $0 != "=" })) }
    + ["GIT_ALLOW_PROTOCOL=http:https:git:ssh", "GIT_TERMINAL_PROMPT=0", "LC_ALL=C"]

  /// The commit that the reference means now, asked of the remote; nil where only a checkout can tell.
  func commit() throws(BuildError) -> String? {
    if let wanted = reference.reference, GitReference.isCommit(wanted) { return wanted.lowercased() }
    let name = reference.reference ?? "HEAD"
    var commits: [String: String] = [:]
    for line in try git(["ls-remote", "--", reference.remote, name, name + "^{}"]).split(separator: "\n") {
      let words = line.split(separator: "\t")
      if words.count == 2 { commits[String(words[1])] = String(words[0]) }
    }
    for candidate in [name, "refs/tags/\(name)^{}", "refs/tags/\(name)", "refs/heads/\(name)", "refs/\(name)"] {
      // What an annotated tag leads to goes before the tag.
      if let commit = commits[candidate + "^{}"] ?? commits[candidate] { return commit }
    }
    return nil
  }

  /// Checks the repository out into `place`, which is made, with its submodules, and says which commit that is.
  func checkout(into place: FilePath, commit known: String?, keepsGitDirectory: Bool) throws(BuildError) -> String {
    // The files' modes are the repository's, not the user's affair.
    ProcessAttributes.setFileModeMask(0o022)
    try attempting("cannot make a place for '\(reference.remote)'") { try makeDirectories(place) }
    let here = ["-C", place.string]
    _ = try git(here + ["init", "--quiet"])
    _ = try git(here + ["remote", "add", "origin", reference.remote])
    let wanted = known ?? reference.reference ?? "HEAD"
    if (try? git(here + ["fetch", "--quiet", "--depth=1", "--no-tags", "origin", wanted])) == nil {
      // Not every server hands out a commit by its name, and none by its beginning.
      _ = try git(here + ["fetch", "--quiet", "--tags", "origin", "+refs/heads/*:refs/remotes/origin/*"])
      _ = try git(here + ["checkout", "--quiet", "--detach", wanted])
    } else {
      _ = try git(here + ["checkout", "--quiet", "--detach", "FETCH_HEAD"])
    }
    let commit = try git(here + ["rev-parse", "HEAD"]).split(separator: "\n").first.map(String.init) ?? ""
    try reference.check(commit)
    _ = try git(here + ["submodule", "--quiet", "update", "--init", "--recursive", "--depth=1"])
    if !keepsGitDirectory { try removeGitFiles(place) }
    return commit
  }

  /// `.git` of the repository, and those of its submodules, which are files.
  private func removeGitFiles(_ place: FilePath) throws(BuildError) {
    try attempting("cannot remove '\(place)/.git'") { try removeTree(place.appending(".git")) }
  }

  private func git(_ arguments: [String]) throws(BuildError) -> String {
    let result: ToolOutput
    do throws(SystemError) { result = try ToolOutput("git", arguments, environment: Self.environment) } catch {
      throw BuildError("'\(reference.remote)': cannot run git: \(error.errno)")
    }
    if result.status != .exited(0) { throw BuildError("'\(reference.remote)': git: \(result.reason("git"))") }
    return result.text
  }
}
