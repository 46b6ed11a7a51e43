import ArgumentParser
import CommandSupport
import JSON
import Linux
import Registry

struct SearchVerb: ParsableCommand {
  static let configuration = CommandConfiguration(commandName: "search", abstract: "Look for repositories in a registry.")

  @OptionGroup var registry: RegistryOptionsGroup
  @ArgumentParser.Option(name: .long, help: ArgumentHelp("Results at most (25).", valueName: "n")) var limit = 25
  @ArgumentParser.Option(
    name: [.short, .long], help: ArgumentHelp("stars=N or is-official=true|false; may be repeated.", valueName: "filter"))
  var filter: [String] = []
  @ArgumentParser.Option(name: .long, help: ArgumentHelp("table, json or a Go template.", valueName: "format")) var format: String?
  @Flag(name: .long, help: "Print descriptions in full.") var noTrunc = false
  @Argument(help: ArgumentHelp("[REGISTRY/]TERM", valueName: "term")) var term: String

  mutating func validate() throws {
    guard (1...100).contains(limit) else { throw ValidationError("--limit '\(limit)': a number from 1 to 100") }
    for filter in filter where Condition(filter) == nil { throw ValidationError("--filter '\(filter)': stars=N or is-official=true|false") }
  }

  func run() {
    attempt {
      let parts = term.split(separator: "/", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      // The first word is a registry where it could be one in a name.
      let named = parts.count == 2 && (parts[0] == "localhost" || parts[0].contains { $0 == "." || $0 == ":" })
      let server = named ? serverName(parts[0]) : "docker.io"
      let client = try registry.client(RegistryHost(server == "docker.io" ? "index.docker.io" : server))
      let conditions = filter.compactMap(Condition.init)
      let rows = try client.search(named ? parts[1] : term, limit: limit)
        .filter { found in conditions.allSatisfy { $0.holds(found) } }.map(row)
      let format = try OutputFormat(format, table: "{{.Name}}\t{{.Description}}\t{{.StarCount}}\t{{.IsOfficial}}")
      try StandardStream.output.write(
        try format.render(
          rows, titles: [("Name", "NAME"), ("Description", "DESCRIPTION"), ("StarCount", "STARS"), ("IsOfficial", "OFFICIAL")]))
    }
  }

  private func row(_ found: FoundRepository) -> JSONValue {
    let line = found.description.split(whereSeparator: \.isNewline).joined(separator: " ")
    var row = JSONObject()
    row["Name"] = .string(found.name)
    row["Description"] = .string(noTrunc || line.count <= 45 ? line : line.prefix(44) + "…")
    row["StarCount"] = .string("\(found.stars)")
    row["IsOfficial"] = .string(found.isOfficial ? "[OK]" : "")
    return .object(row)
  }
}

/// One `--filter`.
private enum Condition {
  case stars(Int)
  case isOfficial(Bool)

  init?(_ typed: String) {
    let parts = typed.split(separator: "=", maxSplits: 1).map(String.init)
    guard parts.count == 2 else { return nil }
    switch parts[0] {
    case "stars":
      guard let count = Int(parts[1]), count >= 0 else { return nil }
      self = .stars(count)
    case "is-official":
      guard let wanted = Bool(parts[1]) else { return nil }
      self = .isOfficial(wanted)
    default: return nil
    }
  }

  func holds(_ found: FoundRepository) -> Bool {
    switch self {
    case .stars(let least): found.stars >= least
    case .isOfficial(let wanted): found.isOfficial == wanted
    }
  }
}
