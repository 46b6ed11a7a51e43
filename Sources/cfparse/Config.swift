internal import CommandSupport
internal import Compose
internal import JSON
internal import Linux
internal import SystemPackage

/// `cfparse [config] [OPTIONS] [FILE…|-]`: the project, merged, interpolated and validated.
let configVerb = Verb(
  "config", "[OPTIONS] [FILE…|-]", "write the merged project as JSON; what cfparse does when no verb is named",
  options: ProjectInput.options + [
    .value("format", placeholder: "FORMAT", help: "json (the default), or yaml"),
    .flag("compact", help: "write the JSON on one line"),
    .value("o", "output", placeholder: "FILE", help: "write to a file, and the project's name to standard output"),
  ]
) { parsed in
  let format = parsed.value("format") ?? "json"
  guard ["yaml", "json"].contains(format) else { throw UsageError("--format: '\(format)' is neither json nor yaml") }
  return try reporting {
    let project = try ProjectInput(parsed).project()
    let text =
      format == "yaml" ? YAMLText(project.json).bytes : project.json.serialized(pretty: !parsed.flag("compact")) + [0x0A]
    guard let file = parsed.value("output") else { return writeOutput(text) }
    try replaceFile(FilePath(file), with: text, durable: false)
    printLine(project.name)
  }
}
