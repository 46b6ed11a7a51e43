import JSON
import Testing

@testable import Compose

/// These projects are of the files that are given and no others.
private func noFile(_ path: String) throws(ComposeError) -> [UInt8] { throw ComposeError("open '\(path)': none here", kind: .missingFile) }

@Suite struct ProjectTests {
  static func project(_ files: String..., name: String? = nil, environment: [String: String] = [:]) throws(ComposeError) -> ComposeProject {
    let files = files.enumerated().map { ComposeFile(name: "f\($0)", content: Array($1.utf8)) }
    return try ComposeProject(files, name: name, directory: "/My.Dir", environment: { environment[$0] }, read: noFile)
  }

  static func fault(_ files: String...) -> String? {
    let files = files.enumerated().map { ComposeFile(name: "f\($0)", content: Array($1.utf8)) }
    do {
      _ = try ComposeProject(files, name: "p", directory: "/d", environment: { _ in nil }, read: noFile)
      return nil
    } catch { return error.description }
  }

  @Test func names() throws {
    #expect(try Self.project("services: {}").name == "mydir")
    #expect(try Self.project("name: a-${X}\nservices: {}", environment: ["X": "b"]).name == "a-b")
    #expect(try Self.project("name: a\nservices: {}", name: "c").name == "c")
    #expect(try Self.project("services: {s: {image: 'x:$COMPOSE_PROJECT_NAME'}}").json["services"]?["s"]?["image"] == "x:mydir")
    #expect(throws: ComposeError.self) { try Self.project("services: {}", name: "A") }
  }

  @Test func merge() throws {
    let base = """
      services:
        s: {image: a, command: [x, y], environment: [A=1, B=2], ports: ["80:80"], cap_add: [X], dns: 1.1.1.1, labels: {l: m}, tty: true}
      """
    let over = """
      services:
        s:
          command: z
          environment: {B: 3, C: null}
          ports: ["80:80", "81:81"]
          cap_add: [X, Y]
          dns: [2.2.2.2]
          labels: !override {n: o}
          tty: !reset null
      """
    let service = try #require(try Self.project(base, over).json["services"]?["s"])
    func port(_ number: Int) -> JSONValue {
      ["mode": "ingress", "target": .integer(number), "published": .string("\(number)"), "protocol": "tcp"]
    }
    let expected: JSONValue = [
      "image": "a", "command": ["z"], "entrypoint": nil, "environment": ["A": "1", "B": "3", "C": nil], "ports": [port(80), port(81)],
      "cap_add": ["X", "Y"], "dns": ["1.1.1.1", "2.2.2.2"], "labels": ["n": "o"], "networks": ["default": nil],
    ]
    #expect(service == expected)
  }

  @Test func documentsOfOneFileAreMerged() throws {
    let json = try Self.project("services: {s: {image: a}}\n---\nservices: {s: {image: b}, t: {image: c}}\n").json
    #expect(json["services"]?["s"]?["image"] == "b")
    #expect(json["services"]?["t"]?["image"] == "c")
  }

  @Test func profiles() throws {
    let file = ComposeFile(name: "f", content: Array("services: {s: {image: a}, t: {image: b, profiles: [dev]}}".utf8))
    func names(_ profiles: Set<String>) throws -> [String] {
      try ComposeProject([file], name: "p", directory: "/d", profiles: profiles, environment: { _ in nil }, read: noFile).json["services"]?
        .objectValue?
        .keys ?? []
    }
    #expect(try names([]) == ["s"])
    #expect(try names(["dev"]) == ["s", "t"])
    #expect(try names(["*"]) == ["s", "t"])
  }

  @Test(arguments: [
    ("service: {}", "f0:1:1: additional property 'service' is not allowed"),
    ("services: []", "f0:1:11: services: must be a mapping or null, not a list"),
    ("services: {web: {image: a, ports: [[1]]}}", "f0:1:36: services.web.ports[0]: must be a string or a number or a mapping, not a list"),
    ("services: {web: {image: a, prots: []}}", "f0:1:28: services.web: additional property 'prots' is not allowed"),
    ("services: {web: {}}", "f0:1:12: services.web: service 'web' has neither an image nor a build context specified"),
    ("services: {a: {image: x, depends_on: [b]}}", "f0:1:39: services.a.depends_on: service 'a' depends on undefined service 'b'"),
    (
      "services: {a: {image: x, depends_on: [b]}, b: {image: x, depends_on: [a]}}", "f0:1:12: dependency cycle detected: a -> b -> a"
    ),
    ("include: [a]", "f0:1:11: include[0]: open '/d/a': none here"),
    ("services: {a: {extends: b}}", "f0:1:25: services.a.extends: cannot extend service 'a': service 'b' not found"),
    (
      "services: {a: {image: '${'}}",
      "f0:1:23: invalid interpolation format for services.a.image: '${'; you may need to escape any $ with another $"
    ),
    ("# nothing", "f0: empty compose file"),
  ])
  func faults(_ text: String, _ message: String) {
    #expect(Self.fault(text) == message)
  }
}
