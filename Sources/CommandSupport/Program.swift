internal import Linux

/// A tool made of verbs: `NAME [GLOBAL OPTIONS] VERB [OPTIONS] OPERANDS`. Options of the program may also stand behind the verb.
package struct Program: Sendable {
  package let name: String
  package let summary: String
  package let globals: [Option]
  package let verbs: [Verb]
  /// The exit code for a command line that is wrong.
  package let usageExit: Int32
  /// What `--version` prints.
  package let version: String

  package init(
    _ name: String, _ summary: String, version: String, globals: [Option] = [], verbs: [Verb], usageExit: Int32 = ExitCode.usage
  ) {
    self.name = name
    self.summary = summary
    self.version = version
    self.globals = globals
    self.verbs = verbs
    self.usageExit = usageExit
  }

  /// Parses `arguments` (without the program's own name), runs the verb and returns its exit code.
  package func run(_ arguments: [String]) -> Int32 {
    do {
      let own = OptionTable(
        globals + [
          .flag("version", "v", help: "print the version"),
          .value("generate-completion-script", placeholder: "SHELL", help: "print a completion script"),
        ], order: .beforeOperands)
      let before = try own.parse(arguments)
      if before.flag("version") { return answer(version + "\n") }
      if let shell = before.value("generate-completion-script") { return answer(try completionScript(shell) + "\n") }
      guard let word = before.operands.first else {
        try StandardStream.error.write(help)
        return usageExit
      }
      guard let verb = verbs.first(where: { $0.name == word || $0.aliases.contains(word) }) else {
        if word == "help" { return answer(help) }
        throw UsageError("unknown command: \(name) \(word)\(suggestion(for: word))")
      }
      return try run(verb, before, Array(before.operands.dropFirst()))
    } catch let error as UsageError {
      if error == .help { return answer(help) }
      Diagnostics.error("\(error)\nRun '\(name) --help' for usage.")
      return usageExit
    } catch {
      Diagnostics.error("\(error)")
      return ExitCode.failure
    }
  }

  private func run(_ verb: Verb, _ before: ParsedOptions, _ arguments: [String]) throws -> Int32 {
    var parsed: ParsedOptions
    do {
      let shared = globals.filter { !$0.names.contains(where: verb.table.defines) }
      parsed = try OptionTable(verb.table.options + shared, order: verb.table.order).parse(arguments)
      try check(parsed.operands.count, for: verb)
    } catch {
      if error == .help { return answer(help(for: verb)) }
      Diagnostics.error("\(error)\nSee '\(name) \(verb.name) --help'.")
      return verb.usageExit ?? usageExit
    }
    parsed.prepend(before)
    return try verb.run(parsed)
  }

  private func check(_ count: Int, for verb: Verb) throws(UsageError) {
    let wanted = verb.operandCount
    if wanted.contains(count) { return }
    let bound = count < wanted.lowerBound ? wanted.lowerBound : wanted.upperBound
    let kind = wanted.lowerBound == wanted.upperBound ? "" : (count < bound ? "at least " : "at most ")
    throw UsageError("'\(name) \(verb.name)' requires \(kind)\(bound) argument\(bound == 1 ? "" : "s"), not \(count)")
  }

  private func answer(_ text: String) -> Int32 {
    do { try StandardStream.output.write(text) } catch { return ExitCode.failure }
    return ExitCode.success
  }

  private func suggestion(for word: String) -> String {
    let near = verbs.map(\.name).min { editDistance($0, word) < editDistance($1, word) }
    guard let near, editDistance(near, word) <= 2 else { return "" }
    return " (did you mean '\(near)'?)"
  }
}
