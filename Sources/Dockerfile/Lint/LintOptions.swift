/// Which rules run: `skip=A,B;error=true;experimental=C`, as the `check` directive and `# check=` comments say it.
package struct LintOptions: Hashable, Sendable {
  package var skipsAll = false
  package var skipped: Set<String> = []
  package var runsAllExperimental = false
  package var experimental: Set<String> = []
  package var findingsAreErrors = false

  package init() {}

  /// Reads the value of a `check` directive; what follows the first blank is a remark.
  package init(parsing text: String) throws(DockerfileError) {
    let options = text.prefix { $0 != " " }
    if options.isEmpty { return }
    for part in options.split(separator: ";", maxSplits: 2, omittingEmptySubsequences: false) {
      guard let equals = part.firstIndex(of: "=") else {
        throw DockerfileError("invalid check option '\(part)', expected skip=…, error=… or experimental=…")
      }
      let key = String(part[..<equals]).trimmedSpace
      let value = String(part[part.index(after: equals)...]).trimmedSpace
      switch key {
      case "skip": if value == "all" { skipsAll = true } else { skipped.formUnion(Self.names(value)) }
      case "experimental": if value == "all" { runsAllExperimental = true } else { experimental.formUnion(Self.names(value)) }
      case "error":
        guard let flag = goBool(value) else { throw DockerfileError("check option 'error' is '\(value)', expected true or false") }
        findingsAreErrors = flag
      default:
        throw DockerfileError("unknown check option '\(key)'", suggestion: suggest(key, among: ["skip", "error", "experimental"]))
      }
    }
  }

  private static func names(_ list: String) -> [String] { list.split(separator: ",").map { String($0).trimmedSpace } }

  package mutating func merge(_ other: LintOptions) {
    skipsAll = skipsAll || other.skipsAll
    skipped.formUnion(other.skipped)
    runsAllExperimental = runsAllExperimental || other.runsAllExperimental
    experimental.formUnion(other.experimental)
  }

  /// With what a `# check=` comment among an instruction's comments says.
  func merging(comments: [String]) -> LintOptions {
    for comment in comments {
      let bytes = Array(comment.utf8)
      guard let (name, value) = SyntaxParser.directive(bytes, 0..<bytes.count), bytes.text(name).lowercased() == "check" else { continue }
      guard let found = try? LintOptions(parsing: bytes.text(value)) else { return self }
      var merged = self
      merged.merge(found)
      return merged
    }
    return self
  }

  func runs(_ rule: LintRule) -> Bool {
    if rule.isExperimental { return runsAllExperimental || experimental.contains(rule.rawValue) }
    return !skipsAll && !skipped.contains(rule.rawValue)
  }
}
