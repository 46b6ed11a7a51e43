internal import CommandSupport
internal import Dockerfile
internal import JSON

/// `dfparse targets [FILE|-]`: the stages that --target can name.
let targetsVerb = Verb(
  "targets", "[OPTIONS] [FILE|-]", "list the stages, their bases and their descriptions",
  options: [DockerfileInput.option, .flag("json", help: "write JSON")], operandCount: 0...1
) { parsed in
  let document = try DockerfileInput(parsed).parse()
  var table = [["STAGE", "NAME", "BASE", "DEFAULT", "DESCRIPTION"]]
  var stages: [JSONValue] = []
  for (index, stage) in document.stages.enumerated() {
    let isDefault = index == document.stages.count - 1
    let description = stage.from.stageName.flatMap { document.description(of: $0, in: stage.source) }
    table.append([String(index), stage.from.stageName ?? "", stage.from.image, isDefault ? "yes" : "", description ?? ""])
    var object = JSONObject()
    object["stage"] = .integer(index)
    if let name = stage.from.stageName { object["name"] = .string(name) }
    object["base"] = .string(stage.from.image)
    if let platform = stage.from.platform { object["platform"] = .string(platform) }
    object["default"] = .bool(isDefault)
    if let description { object["description"] = .string(description) }
    stages.append(.object(object))
  }
  if parsed.flag("json") { writeOutput(.array(stages)) } else { writeOutput(aligned(table)) }
  return ExitCode.success
}
