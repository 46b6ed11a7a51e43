internal import CommandSupport
internal import Dockerfile
internal import JSON

/// `dfparse outline [FILE|-]`: what a build of a target can be told.
let outlineVerb = Verb(
  "outline", "[OPTIONS] [FILE|-]", "list the arguments, secrets, ssh agents and cache mounts that building a stage uses",
  options: [DockerfileInput.option, .flag("json", help: "write JSON")] + BuildArguments.options, operandCount: 0...1
) { parsed in
  let input = try DockerfileInput(parsed)
  let document = try input.parse()
  let (_, stages) = try BuildArguments(parsed).graph(document, input, lastStage: true)
  let outline = DockerfileOutline(document, stages: stages)
  if parsed.flag("json") { writeOutput(outline.json) } else { writeOutput(outline.text) }
  return ExitCode.success
}

extension DockerfileOutline {
  fileprivate var json: JSONValue {
    func object(_ members: (String, String?)...) -> JSONValue {
      var object = JSONObject()
      for (name, value) in members { if let value { object[name] = .string(value) } }
      return .object(object)
    }
    return [
      "arguments": .array(arguments.map { object(("name", $0.name), ("default", $0.value), ("description", $0.description)) }),
      "secrets": .array(secrets.map { ["name": .string($0.name), "required": .bool($0.isRequired)] }),
      "ssh": .array(ssh.map { ["name": .string($0.name), "required": .bool($0.isRequired)] }),
      "caches": .array(caches.map { .string($0) }),
    ]
  }

  fileprivate var text: String {
    var table = [["KIND", "NAME", "DEFAULT", "DESCRIPTION"]]
    for argument in arguments { table.append(["arg", argument.name, argument.value ?? "", argument.description ?? ""]) }
    for secret in secrets { table.append(["secret", secret.name, "", secret.isRequired ? "required" : ""]) }
    for agent in ssh { table.append(["ssh", agent.name, "", agent.isRequired ? "required" : ""]) }
    for cache in caches { table.append(["cache", cache, "", ""]) }
    return aligned(table)
  }
}

/// Columns padded by three blanks, as docker's tables are.
func aligned(_ table: [[String]]) -> String {
  let widths = (table.first ?? []).indices.map { column in table.map { $0[column].count }.max() ?? 0 }
  return table.map { row in
    var line = ""
    for (column, cell) in row.enumerated() { line += cell + String(repeating: " ", count: widths[column] - cell.count + 3) }
    while line.last == " " { line.removeLast() }
    return line + "\n"
  }.joined()
}
