internal import CommandSupport
internal import JSON
internal import Linux
internal import Network

let listVerb = Verb(
  "ls", aliases: ["list"], "[OPTIONS]", "the networks",
  options: [
    .flag("quiet", "q", help: "only the ids"),
    .flag("no-trunc", help: "ids in full"),
    .value("format", placeholder: "FORMAT", help: "table, json (one object a line) or a Go template"),
    .list("filter", "f", placeholder: "KEY=VALUE", help: "name=, id=, driver=, label="),
  ],
  operandCount: 0...0
) { options in
  let store = NetworkStore(options)
  let filters = try options.values("filter").map(Filter.init)
  var rows: [JSONValue] = []
  for name in try store.networkNames() {
    guard let definition = try store.definition(name), filters.allSatisfy({ $0.accepts(definition) }) else { continue }
    let identifier = options.flag("no-trunc") ? definition.identifier : String(definition.identifier.prefix(12))
    rows.append([
      "ID": .string(identifier), "Name": .string(name), "Driver": "bridge", "Scope": "local", "IPv6": "false",
      "Internal": .string("\(definition.isInternal)"), "Subnet": .string("\(definition.subnet)"),
      "Labels": .string(definition.labels.sorted { $0.key < $1.key }.map { "\($0.key)=\($0.value)" }.joined(separator: ",")),
      "CreatedAt": .string(definition.created),
    ])
  }
  let typed = options.flag("quiet") && !options.given("format") ? "{{.ID}}" : options.value("format")
  let format = try OutputFormat(typed, table: "{{.ID}}\t{{.Name}}\t{{.Driver}}\t{{.Scope}}")
  try StandardStream.output.write(
    try format.render(
      rows,
      titles: [
        ("ID", "NETWORK ID"), ("Name", "NAME"), ("Driver", "DRIVER"), ("Scope", "SCOPE"), ("IPv6", "IPV6"), ("Internal", "INTERNAL"),
        ("Subnet", "SUBNET"), ("Labels", "LABELS"), ("CreatedAt", "CREATED AT"),
      ]))
  return ExitCode.success
}

/// One `--filter`, by docker's words.
struct Filter {
  private let key: String
  private let value: String

  init(_ text: String) throws(UsageError) {
    let parts = text.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 2 else {
      throw UsageError("invalid argument \"\(text)\" for \"-f, --filter\" flag: bad format of filter (expected name=value)")
    }
    guard ["name", "id", "driver", "label"].contains(parts[0]) else { throw UsageError("invalid filter '\(parts[0])'") }
    (key, value) = (parts[0], parts[1])
  }

  func accepts(_ definition: NetworkDefinition) -> Bool {
    switch key {
    case "name": return definition.name.contains(value)
    case "id": return definition.identifier.hasPrefix(value)
    case "driver": return value == "bridge"
    default:
      let parts = value.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false).map(String.init)
      guard let label = definition.labels[parts[0]] else { return false }
      return parts.count == 1 || label == parts[1]
    }
  }
}
