internal import CommandSupport
internal import Compose
internal import JSON
internal import Linux
internal import SystemPackage

/// `cfparse [config] [OPTIONS] [FILE…|-]`: the project, merged, interpolated and validated, or one aspect of it.
let configVerb = Verb(
  "config", "[OPTIONS] [FILE…|-]", "write the merged project as JSON; what cfparse does when no verb is named",
  options: ProjectInput.options + [
    .value("format", placeholder: "FORMAT", help: "json (the default), or yaml"),
    .flag("compact", help: "write the JSON on one line"),
    .flag("no-interpolate", help: "leave variables as they are"),
    .flag("services", help: "write only the services' names, one a line"),
    .flag("images", help: "the images' names"),
    .flag("volumes", help: "the volumes' names"),
    .flag("networks", help: "the networks' names"),
    .flag("profiles", help: "the profiles' names, active or not"),
    .flag("variables", help: "the variables that the files name, with what they must have and what stands for them"),
    .flag("environment", help: "the variables that are substituted from"),
    .value("hash", placeholder: "SERVICES", help: "the configuration hashes of services, separated by commas, or of all with '*'"),
    .flag("q", "quiet", help: "write nothing, only check"),
    .value("o", "output", placeholder: "FILE", help: "write to a file, and the project's name to standard output"),
  ]
) { parsed in
  let format = parsed.value("format") ?? "json"
  guard ["yaml", "json"].contains(format) else { throw UsageError("--format: '\(format)' is neither json nor yaml") }
  return try reporting {
    let input = try ProjectInput(parsed)
    if parsed.flag("environment") { return printLines(input.substituted) }
    let project = try input.project(interpolates: !parsed.flag("no-interpolate") && !parsed.flag("variables"))
    if parsed.flag("quiet") { return }
    if let lines = try aspect(of: project, parsed) { return printLines(lines) }
    let text =
      format == "yaml"
      ? YAMLText(readingOrder(project.json)).bytes : project.json.serialized(pretty: !parsed.flag("compact")) + [0x0A]
    guard let file = parsed.value("output") else { return writeOutput(text) }
    try replaceFile(FilePath(file), with: text, durable: false)
    printLine(project.name)
  }
}

/// The lines of what was asked for instead of the model.
private func aspect(of project: ComposeProject, _ parsed: ParsedOptions) throws(ComposeError) -> [String]? {
  func names(_ kind: String) -> [String] { (project.json[kind]?.objectValue?.keys ?? []).sorted() }
  if parsed.flag("services") { return names("services") }
  if parsed.flag("volumes") { return names("volumes") }
  if parsed.flag("networks") { return names("networks") }
  if parsed.flag("profiles") { return project.profiles }
  if parsed.flag("variables") { return variableTable(project) }
  let wanted = parsed.value("hash")
  guard parsed.flag("images") || wanted != nil else { return nil }
  let model = try ProjectModel(project.json, volatileRoot: "/")
  guard let wanted else { return model.services.map(\.image) }
  let services = wanted == "*" ? names("services") : wanted.split(separator: ",").map(String.init)
  var lines: [String] = []
  for name in services {
    guard let service = model.service(name) else { throw ComposeError("no such service: \(name)") }
    lines.append("\(name) \(configHash(service))")
  }
  return lines
}

private func variableTable(_ project: ComposeProject) -> [String] {
  let rows = VariableReference.all(in: project.root).map { [$0.name, "\($0.isRequired)", $0.defaultValue, $0.alternateValue] }
  let table = [["NAME", "REQUIRED", "DEFAULT VALUE", "ALTERNATE VALUE"]] + rows
  // docker's columns: three blanks apart, and never narrower than twenty.
  let widths = (0..<3).map { column in max(20, (table.map { $0[column].count }.max() ?? 0) + 3) }
  return table.map { row in
    zip(row, widths).map { $0 + String(repeating: " ", count: $1 - $0.count) }.joined() + row[3]
  }
}

private func printLines(_ lines: [String]) { writeOutput(Array(lines.map { $0 + "\n" }.joined().utf8)) }
