import ArgumentParser
import Dockerfile
import JSON

/// `dfparse targets [FILE|-]`: the stages that --target can name.
struct Targets: ParsableCommand {
  static let configuration = CommandConfiguration(abstract: "List the stages, their bases and their descriptions.")

  @OptionGroup var input: DockerfileInput

  @Flag(help: "Write JSON.")
  var json = false

  func run() {
    let document = input.parse(input.read())
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
    if json { writeOutput(JSONValue.array(stages).serialized(pretty: true) + [0x0A]) } else { writeOutput(Array(aligned(table).utf8)) }
  }
}
