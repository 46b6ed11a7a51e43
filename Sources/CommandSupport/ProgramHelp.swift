extension Program {
  /// What `NAME --help` prints.
  package var help: String {
    var text = "Usage: \(name) [OPTIONS] COMMAND [ARG...]\n\n\(summary)\n\nCommands:\n"
    text += columns(verbs.map { ($0.name, $0.summary) })
    text += "\nOptions:\n"
    let own = [("    --help", "print this help"), ("-v, --version", "print the version")]
    text += columns(globals.map { ($0.synopsis, $0.help) } + own)
    return text + "\nRun '\(name) COMMAND --help' for a command's options.\n"
  }

  /// What `NAME VERB --help` prints.
  func help(for verb: Verb) -> String {
    var text = "Usage: \(name) \(verb.name)\(verb.operands.isEmpty ? "" : " " + verb.operands)\n\n\(verb.summary)\n"
    if !verb.aliases.isEmpty { text += "\nAliases: \(verb.aliases.joined(separator: ", "))\n" }
    let options = verb.table.options + globals
    if !options.isEmpty { text += "\nOptions:\n" + columns(options.map { ($0.synopsis, $0.help) }) }
    return text
  }

  private func columns(_ rows: [(String, String)]) -> String {
    let width = min(rows.map(\.0.count).max() ?? 0, 32)
    let indent = String(repeating: " ", count: width)
    return rows.map { left, right in
      let padding = String(indent.dropFirst(left.count))
      return left.count > width ? "  \(left)\n  \(indent)  \(right)\n" : "  \(left)\(padding)  \(right)\n"
    }.joined()
  }
}
