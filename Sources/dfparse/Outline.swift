import ArgumentParser
import CommandSupport
import Dockerfile
import JSON
import Linux

/// `dfparse outline [FILE|-]`: what a build of a target can be told.
struct Outline: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List the arguments, secrets, ssh agents and cache mounts that building a stage uses.")

  @OptionGroup var input: DockerfileInput
  @OptionGroup var arguments: BuildArguments

  @ArgumentParser.Option(help: ArgumentHelp("The stage; else the last one.", valueName: "stage"))
  var target: String?

  @Flag(help: "Write JSON.")
  var json = false

  func run() {
    let document = input.parse(input.read())
    let graph = arguments.graph(of: document, input)
    let name = target ?? String(document.stages.count - 1)
    let outline = DockerfileOutline(document, stages: arguments.stages(graph, document, name, input))
    if json { writeOutput(outline.json.serialized(pretty: true) + [0x0A]) } else { writeOutput(Array(outline.text.utf8)) }
  }
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
