import JSON
import Testing

@testable import Dockerfile

/// What BuildKit's parser and its instruction parser say of each file, one JSON document a file.
@Suite struct GoldenTests {
  static let golden: [JSONValue] = (try? Corpus.jsonLines("parser/ast-golden.jsonl")) ?? []

  @Test(.enabled(if: Corpus.isPresent, Corpus.absent), arguments: golden.indices)
  func syntaxAgrees(_ index: Int) throws {
    let expected = Self.golden[index]
    var syntax = SyntaxParser(try Self.source(expected))
    guard expected["parse_error"] == nil else {
      #expect(throws: DockerfileError.self) { try syntax.parse() }
      return
    }
    try syntax.parse()
    #expect(syntax.escape.rawValue == expected["escape"]?.stringValue)
    let nodes = expected["ast"]?.arrayValue ?? []
    #expect(syntax.nodes.count == nodes.count)
    for (node, expected) in zip(syntax.nodes, nodes) { Self.compare(node, expected, syntax) }
  }

  @Test(.enabled(if: Corpus.isPresent, Corpus.absent), arguments: golden.indices)
  func instructionsAgree(_ index: Int) throws {
    let expected = Self.golden[index]
    let source = try Self.source(expected)
    if expected["parse_error"] != nil { return }
    if let line = expected["instr_error_at"]?[0]?[0]?["start"]?.integerValue {
      let errors = #expect(throws: DockerfileErrors.self) { try DockerfileDocument(parsing: source) }
      #expect(errors?.errors.first?.range?.start.line == line)
      return
    }
    let document = try DockerfileDocument(parsing: source)
    let stages = expected["stages"]?.arrayValue ?? []
    #expect(document.stages.count == stages.count)
    for (stage, expected) in zip(document.stages, stages) {
      #expect(stage.from.image == expected["BaseName"]?.stringValue)
      #expect(stage.from.stageName ?? "" == expected["Name"]?.stringValue)
      #expect(stage.from.platform ?? "" == expected["Platform"]?.stringValue)
      let commands = expected["Commands"]?.arrayValue ?? []
      #expect(stage.instructions.map(\.name) == commands.map { ($0["name"]?.stringValue ?? "").uppercased() })
      for (instruction, command) in zip(stage.instructions, commands) {
        let members = BuildKitForm.members(instruction)
        for (key, value) in members.objectValue ?? JSONObject() { #expect(command["v"]?[key] == value, "\(instruction.name) \(key)") }
      }
    }
  }

  private static func source(_ golden: JSONValue) throws -> [UInt8] {
    try Corpus.bytes("parser/" + (golden["file"]?.stringValue ?? "").dropFirst(2))
  }

  private static func compare(_ node: SyntaxNode, _ expected: JSONValue, _ syntax: SyntaxParser) {
    #expect(node.keyword.text == expected["value"]?.stringValue)
    #expect(node.flags.map(\.text) == (expected["flags"]?.arrayValue ?? []).compactMap(\.stringValue))
    #expect(node.arguments.map(\.text) == (expected["args"]?.arrayValue ?? []).compactMap(\.stringValue))
    #expect(node.isJSON == (expected["json"]?.boolValue ?? false))
    #expect(syntax.lines.position(node.source.lowerBound).line == expected["start_line"]?.integerValue)
    for (heredoc, expected) in zip(node.heredocs, expected["heredocs"]?.arrayValue ?? []) {
      #expect(heredoc.heredoc.body == expected["Content"]?.stringValue ?? expected["content"]?.stringValue)
    }
  }
}

/// An instruction as BuildKit's own type shows it, member by member.
enum BuildKitForm {
  static func members(_ instruction: Instruction) -> JSONValue {
    switch instruction.kind {
    case .add(let body):
      return [
        "SourcePaths": strings(body.sources), "DestPath": .string(body.destination), "Chown": .string(body.chown ?? ""),
        "Chmod": .string(body.chmod ?? ""), "Link": .bool(body.link ?? false), "ExcludePatterns": strings(body.exclude),
        "Checksum": .string(body.checksum ?? ""), "KeepGitDir": body.keepGitDir.map { .bool($0) } ?? .null,
        "Unpack": body.unpack.map { .bool($0) } ?? .null,
      ]
    case .copy(let body):
      return [
        "SourcePaths": strings(body.sources), "DestPath": .string(body.destination), "From": .string(body.from ?? ""),
        "Chown": .string(body.chown ?? ""), "Chmod": .string(body.chmod ?? ""), "Link": .bool(body.link ?? false),
        "Parents": .bool(body.parents ?? false), "ExcludePatterns": strings(body.exclude),
      ]
    case .run(let body):
      var value = command(body.command, emptyIsNull: false)
      value["Network"] = .string((body.network ?? .default).rawValue)
      value["Security"] = .string((body.security ?? .sandbox).rawValue)
      return value
    case .cmd(let body): return command(body.command, emptyIsNull: false)
    case .entrypoint(let body): return command(body.command, emptyIsNull: true)
    case .env(let body): return ["Env": variables(body.variables, body.isLegacy)]
    case .label(let body): return ["Labels": variables(body.labels, body.isLegacy)]
    case .expose(let body): return ["Ports": strings(body.ports.sorted { Array($0.utf8).lexicographicallyPrecedes(Array($1.utf8)) })]
    case .volume(let body): return ["Volumes": strings(body.volumes)]
    case .user(let body): return ["User": .string(body.user)]
    case .workdir(let body): return ["Path": .string(body.path)]
    case .stopsignal(let body): return ["Signal": .string(body.signal)]
    case .maintainer(let body): return ["Maintainer": .string(body.maintainer)]
    case .onbuild(let body): return ["Expression": .string(body.expression)]
    case .shell(let body): return ["Shell": strings(body.command)]
    case .arg, .healthcheck: return [:]
    }
  }

  private static func strings(_ values: [String]) -> JSONValue { values.isEmpty ? .null : .array(values.map { .string($0) }) }

  private static func command(_ command: CommandForm, emptyIsNull: Bool) -> JSONValue {
    switch command {
    case .shell(let text): ["CmdLine": text.isEmpty ? (emptyIsNull ? .null : []) : [.string(text)], "PrependShell": true]
    case .exec(let words): ["CmdLine": words.isEmpty ? (emptyIsNull ? .null : []) : strings(words), "PrependShell": false]
    }
  }

  private static func variables(_ variables: [Variable], _ isLegacy: Bool) -> JSONValue {
    .array(variables.map { ["Key": .string($0.name), "NoDelim": .bool(isLegacy), "Value": .string($0.value)] })
  }
}
