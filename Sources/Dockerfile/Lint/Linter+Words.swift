extension Linter {
  /// Expands the words of an instruction and reports variables that nothing defines.
  @discardableResult
  mutating func expand(_ words: [String?], _ instruction: Instruction, _ scope: LintScope) throws(DockerfileError) -> [String] {
    var results: [String] = []
    for word in words {
      guard let word else { continue }
      let expansion = try expand(word, instruction.source.range) { scope.environment[$0] }
      results.append(expansion.result)
      reportUnset(expansion.unset, instruction, scope)
    }
    return results
  }

  /// Bodies of here-documents keep their quotes, and their escape character is the backslash.
  mutating func expandBodies(_ heredocs: [Heredoc], _ instruction: Instruction, _ scope: LintScope) throws(DockerfileError) {
    var expander = WordExpander()
    expander.ignoresQuotes = true
    for heredoc in heredocs where heredoc.expand {
      do throws(WordExpansionError) {
        reportUnset(try expander.expand(heredoc.content, scope.environment).unset, instruction, scope)
      } catch { throw DockerfileError(error.message, range: instruction.source.range) }
    }
  }

  private mutating func reportUnset(_ names: [String], _ instruction: Instruction, _ scope: LintScope) {
    for name in names where !scope.arguments.contains(name) && !LintScope.always.contains(name) {
      let hint = suggest(name, among: scope.environment.keys.sorted()).map { " (did you mean '$\($0)'?)" } ?? ""
      report(
        .undefinedVar, instruction.source.range, "'$\(name)' is not defined here, unless the base image does\(hint)",
        descriptions(instruction.source.comments))
    }
  }

  mutating func check(_ body: ExposeInstruction, _ instruction: Instruction, _ scope: LintScope) throws(DockerfileError) {
    let comments = descriptions(instruction.source.comments)
    for port in body.ports {
      for word in try expand(port, instruction.source.range, { scope.environment[$0] }).words {
        let parts = word.split(separator: ":", omittingEmptySubsequences: false)
        let protocolName = parts.last?.split(separator: "/", maxSplits: 1).dropFirst().first.map(String.init) ?? ""
        if protocolName != protocolName.lowercased() {
          report(.exposeProtoCasing, instruction.source.range, "the protocol of '\(word)' should be in small letters", comments)
        }
        if parts.dropLast().contains(where: { !$0.isEmpty }) {
          report(
            .exposeInvalidFormat, instruction.source.range, "'\(word)' names an address or a host port, which EXPOSE cannot publish",
            comments)
        }
      }
    }
  }

  /// Only where the ignore file has no exceptions: with them a directory may be left out and a file in it not.
  mutating func checkIgnored(
    _ name: String, _ sources: [String], _ instruction: Instruction, _ scope: LintScope
  ) throws(DockerfileError) {
    guard let ignore = input.ignore, !ignore.hasExceptions else { return }
    for source in sources {
      let text = try expand(source, instruction.source.range) { scope.environment[$0] }.result
      if text.contains("://") || text.hasPrefix("git@") { continue }
      var path = cleanPath(Array(text.utf8))
      if path == Array(".".utf8) || path == [Byte.slash] {
        guard ignore.cleanedPatterns.contains(where: { ["*", "**", "**/*"].contains($0) }) else { continue }
      }
      if path.first == Byte.slash, path.count > 1 { path.removeFirst() }
      let verdict = ignore.verdict(path)
      guard verdict.isIgnored, let rule = verdict.rule else { continue }
      report(
        .copyIgnoredFile, instruction.source.range,
        "\(name) of '\(text)', which .dockerignore leaves out (\(rule.line > 0 ? "line \(rule.line), " : "")'\(rule.text)')",
        descriptions(instruction.source.comments))
    }
  }
}
