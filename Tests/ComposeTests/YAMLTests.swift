import Testing

@testable import Compose

@Suite struct YAMLTests {
  static func read(_ text: String) throws(ComposeError) -> Node {
    let documents = try YAMLReader.documents(Array(text.utf8), file: "f")
    guard let first = documents.first else { throw ComposeError("no document") }
    return first
  }

  static func fault(_ text: String) -> String? {
    do {
      _ = try read(text)
      return nil
    } catch { return error.description }
  }

  @Test(arguments: [
    ("true", "a boolean", "true"), ("yes", "a string", "yes"), ("'1'", "a string", "1"), ("12", "a number", "12"),
    ("0440", "a number", "288"),
    ("0o17", "a number", "15"), ("0x1F", "a number", "31"), ("-7", "a number", "-7"), ("1.50", "a number", "1.5"),
    (".5", "a number", "0.5"),
    ("1e3", "a number", "1e3"), ("1.2.3", "a string", "1.2.3"), ("+", "a string", "+"), ("!!str 12", "a string", "12"),
    ("80:80", "a string", "80:80"), ("089", "a number", "89"), ("! 12", "a string", "12"),
  ])
  func scalar(_ text: String, _ kind: String, _ value: String) throws {
    let node = try #require(try Self.read("k: " + text)["k"])
    #expect(node.kind == kind)
    #expect(node.scalarText == value)
  }

  @Test func mergeKeys() throws {
    let root = try Self.read("a: &a {x: 1, y: 2}\nb: &b {y: 3, z: 4}\nc:\n  <<: [*b, *a]\n  z: 5\n")
    #expect(root["c"]?["x"]?.scalarText == "1")
    #expect(root["c"]?["y"]?.scalarText == "3")
    #expect(root["c"]?["z"]?.scalarText == "5")
  }

  @Test func positions() throws {
    let node = try #require(try Self.read("a:\n  - b\n  -   c\n")["a"]?.sequence?.last)
    #expect(node.position == SourcePosition(file: "f", line: 3, column: 7))
  }

  @Test(arguments: [
    ("a: 1\nb: 2\na: 3\n", "f:3:1: yaml: key 'a' is already defined at line 1"),
    ("a: &a [*a]\n", "f:1:8: yaml: anchor 'a' value contains itself"),
    ("a: *b\n", "f:1:4: yaml: unknown anchor 'b' referenced"),
    ("a: {<<: 3}\n", "f:1:9: yaml: map merge requires map or sequence of maps as the value"),
    ("1: a\n", "f:1:1: yaml: non-string key '1'"),
    ("a: !reste 1\n", "f:1:4: yaml: tag '!reste' is not known"),
  ])
  func faults(_ text: String, _ message: String) {
    #expect(Self.fault(text) == message)
  }

  @Test func aliasBombEndsEarly() {
    var text = "a0: &a0 [x, x, x, x, x, x, x, x, x, x]\n"
    for level in 1...30 {
      let aliases = Array(repeating: "*a\(level - 1)", count: 10).joined(separator: ", ")
      text += "a\(level): &a\(level) [\(aliases)]\n"
    }
    #expect(Self.fault(text)?.contains("more than 500000 nodes once aliases are expanded") == true)
  }

  @Test func depthIsBounded() {
    let deep = String(repeating: "[", count: 500) + String(repeating: "]", count: 500)
    #expect(Self.fault(deep)?.contains("nested deeper than 100 levels") == true)
    let chain = "a0: &a0 [x]\n" + (1...200).map { "a\($0): &a\($0) [*a\($0 - 1)]\n" }.joined()
    #expect(Self.fault(chain)?.contains("nested deeper than 100 levels") == true)
  }
}
