/// A .dockerignore file: which paths of a context are left out. Source: the Dockerfile reference's sibling page "Build context",
/// and moby/patternmatcher for what it leaves open. Paths are bytes, relative to the context, with `/` and without `./`.
package struct DockerIgnore: Sendable {
  /// One line.
  package struct Rule: Hashable, Sendable {
    /// From 1; 0 for patterns that came from no file.
    package var line: Int
    /// As written, without the blanks around it.
    package var text: String
    /// `!`: takes back what lines before leave out.
    package var isException: Bool
  }

  package struct Malformed: Error, Hashable, CustomStringConvertible {
    package var line: Int
    package var message: String
    package var description: String { line > 0 ? "line \(line): \(message)" : message }
  }

  package struct Verdict: Hashable, Sendable {
    package var isIgnored: Bool
    /// The line that decided; nil where none matches.
    package var rule: Rule?
  }

  /// Which lines match a directory or one above it. Hand it on to what lies in the directory.
  package struct DirectoryMatches: Hashable, Sendable {
    fileprivate var matched: [Bool] = []
    package init() {}
  }

  package private(set) var rules: [Rule] = []
  private var patterns: [IgnorePattern] = []

  package var isEmpty: Bool { rules.isEmpty }
  package var hasExceptions: Bool { rules.contains(where: \.isException) }

  /// Reads a file: comments only in column 1, blanks around patterns dropped, paths cleaned, a leading `/` dropped.
  package init(parsing file: [UInt8]) throws(Malformed) {
    let file = file.starts(with: [0xEF, 0xBB, 0xBF]) ? file[3...] : file[...]
    var number = 0
    for line in file.split(separator: Byte.newline, omittingEmptySubsequences: false) {
      number += 1
      guard line.first != Byte.hash else { continue }
      let line = Array(line)
      let text = Array(line[line.trimmed(0..<line.count)])
      if text.isEmpty { continue }
      let isException = text[0] == UInt8(ascii: "!")
      var pattern = isException ? Array(text[text.trimmed(1..<text.count)]) : text
      if !pattern.isEmpty {
        pattern = cleanPath(pattern)
        if pattern.count > 1, pattern[0] == Byte.slash { pattern.removeFirst() }
      }
      try add(pattern, Rule(line: number, text: String(decoding: text, as: UTF8.self), isException: isException))
    }
  }

  /// Takes patterns that are no lines of a file (COPY --exclude): `#` means nothing and a leading `/` stays.
  package init(patterns: [String]) throws(Malformed) {
    for text in patterns {
      let trimmed = text.trimmedSpace
      if trimmed.isEmpty { continue }
      let pattern = cleanPath(Array(trimmed.utf8))
      let isException = pattern[0] == UInt8(ascii: "!")
      try add(isException ? Array(pattern.dropFirst()) : pattern, Rule(line: 0, text: trimmed, isException: isException))
    }
  }

  private mutating func add(_ pattern: [UInt8], _ rule: Rule) throws(Malformed) {
    if pattern.isEmpty { throw Malformed(line: rule.line, message: "'!' without a pattern") }
    // A pattern is cleaned twice: once as a line, once as a pattern.
    do throws(PathPattern.Malformed) { patterns.append(try IgnorePattern(cleanPath(pattern))) } catch {
      throw Malformed(line: rule.line, message: "\(error)")
    }
    rules.append(rule)
  }

  /// The patterns as BuildKit's reader lists them.
  var cleanedPatterns: [String] {
    zip(rules, patterns).map { ($0.isException ? "!" : "") + String(decoding: $1.text, as: UTF8.self) }
  }

  package func verdict(_ path: String) -> Verdict { verdict(Array(path.utf8)) }

  /// Whether a path is left out: the last line that matches it or a directory above it decides.
  package func verdict(_ path: [UInt8]) -> Verdict {
    var matches = DirectoryMatches()
    for index in path.indices where path[index] == Byte.slash {
      _ = verdict(path[..<index], in: &matches)
    }
    return verdict(path[...], in: &matches)
  }

  /// The same for a walk: `parent` are the matches of the directory that holds the path (an empty one at the top); the second
  /// value is for what lies below the path.
  package func verdict(_ path: [UInt8], in parent: DirectoryMatches) -> (verdict: Verdict, matches: DirectoryMatches) {
    var matches = parent
    let verdict = verdict(path[...], in: &matches)
    return (verdict, matches)
  }

  private func verdict(_ path: ArraySlice<UInt8>, in matches: inout DirectoryMatches) -> Verdict {
    if matches.matched.isEmpty { matches.matched = Array(repeating: false, count: patterns.count) }
    var verdict = Verdict(isIgnored: false)
    for index in patterns.indices {
      if !matches.matched[index] { matches.matched[index] = patterns[index].matches(path) }
      if matches.matched[index], rules[index].isException == verdict.isIgnored {
        verdict = Verdict(isIgnored: !rules[index].isException, rule: rules[index])
      }
    }
    return verdict
  }

  /// Whether nothing below an ignored directory can be taken back, so that a walk may leave it out.
  package func canPrune(_ directory: [UInt8]) -> Bool {
    guard verdict(directory).isIgnored else { return false }
    for (rule, pattern) in zip(rules, patterns) where rule.isException && pattern.couldMatch(below: directory[...]) { return false }
    return true
  }
}
