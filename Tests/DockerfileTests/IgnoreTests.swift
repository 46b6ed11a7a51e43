import JSON
import Testing

@testable import Dockerfile

/// moby/patternmatcher's and Go's answers.
@Suite(.enabled(if: Corpus.isPresent, Corpus.absent)) struct IgnoreTests {
  static let golden = (try? Corpus.json("dockerignore/golden.json")) ?? .null
  static let paths = (golden["paths"]?.arrayValue ?? []).compactMap(\.stringValue)

  @Test func ignoresAsMoby() throws {
    let cases = try #require(Self.golden["matches_or_parent_matches"]?.arrayValue)
    for vector in cases {
      let patterns = (vector["patterns"]?.arrayValue ?? []).compactMap(\.stringValue)
      do {
        let ignore = try DockerIgnore(patterns: patterns)
        #expect(vector["error"] == nil, "\(patterns)")
        // The corpus asks about paths as they are, and `.` is never ignored.
        let ignored = Self.paths.indices.filter { index in
          let path = String(decoding: cleanPath(Array(Self.paths[index].utf8)), as: UTF8.self)
          return path != "." && ignore.verdict(path).isIgnored
        }
        #expect(ignored == (vector["ignored_path_indexes"]?.arrayValue ?? []).compactMap(\.integerValue), "\(patterns)")
      } catch {
        #expect(vector["error"] != nil, "\(patterns): \(error)")
      }
    }
  }

  @Test func readsFilesAsMoby() throws {
    for vector in try #require(Self.golden["ignorefile_readall"]?.arrayValue) {
      let content = Array((vector["content"]?.stringValue ?? "").utf8)
      let patterns = (vector["patterns"]?.arrayValue ?? []).compactMap(\.stringValue)
      if patterns.contains("!") {
        #expect(throws: DockerIgnore.Malformed.self) { try DockerIgnore(parsing: content) }
      } else {
        #expect(try DockerIgnore(parsing: content).cleanedPatterns == patterns)
      }
    }
  }

  @Test func matchesPathsAsGo() throws {
    for vector in try #require(Self.golden["filepath_match"]?.arrayValue) {
      let text = vector["pattern"]?.stringValue ?? ""
      do {
        let pattern = try PathPattern(text)
        #expect(vector["error"] == nil, "\(text)")
        let matched = Self.paths.indices.filter { pattern.matches(Self.paths[$0]) }
        #expect(matched == (vector["matched_path_indexes"]?.arrayValue ?? []).compactMap(\.integerValue), "\(text)")
      } catch {
        #expect(vector["error"] != nil, "\(text)")
      }
    }
  }

  /// Pruning is an optimisation: nothing that it skips may be taken back.
  @Test func pruningLosesNothing() throws {
    for vector in try #require(Self.golden["matches_or_parent_matches"]?.arrayValue) where vector["error"] == nil {
      let ignore = try DockerIgnore(patterns: (vector["patterns"]?.arrayValue ?? []).compactMap(\.stringValue))
      for directory in Self.paths where !directory.hasPrefix("/") && ignore.canPrune(Array(directory.utf8)) {
        for path in Self.paths where path.hasPrefix(directory + "/") {
          #expect(ignore.verdict(path).isIgnored, "\(ignore.rules.map(\.text)) \(directory) \(path)")
        }
      }
    }
  }

  @Test func theDecidingLineIsNamed() throws {
    let ignore = try DockerIgnore(parsing: Array("# c\n*.txt\n\n!keep.txt\r\n".utf8))
    #expect(ignore.verdict("a.txt") == .init(isIgnored: true, rule: .init(line: 2, text: "*.txt", isException: false)))
    #expect(ignore.verdict("keep.txt") == .init(isIgnored: false, rule: .init(line: 4, text: "!keep.txt", isException: true)))
    #expect(ignore.verdict("a").rule == nil)
  }
}
