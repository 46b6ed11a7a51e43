import JSON
import Testing

@testable import Compose

@Suite struct YAMLTextTests {
  static func text(_ value: JSONValue) -> String { String(decoding: YAMLText(value).bytes, as: UTF8.self) }

  /// The spellings are those of `docker compose config`.
  @Test(arguments: [
    ("plain", "plain"), ("", "\"\""), ("yes", "\"yes\""), ("n", "\"n\""), ("1:30", "\"1:30\""), ("0x10", "\"0x10\""), ("08", "\"08\""),
    (" lead", "' lead'"), ("a: b", "'a: b'"), ("it's", "it's"), ("'it", "'''it'"), ("2020-01-01", "\"2020-01-01\""), ("x #y", "'x #y'"),
    ("tab\there", "\"tab\\there\""), ("-", "'-'"), ("- a", "'- a'"), ("-a", "-a"), ("#a", "'#a'"), ("a#", "a#"), ("é", "é"),
    ("\u{1F600}", "\"\\U0001F600\""), ("~", "\"~\""), ("1_000", "\"1_000\""), ("!x", "'!x'"), ("two\nlines\n", "|\n  two\n  lines"),
    ("two\nlines", "|-\n  two\n  lines"), ("a\n\n", "|+\n  a\n"), ("trail \nx", "\"trail \\nx\""), ("\n x", "|2-\n\n   x"),
    ("1.5", "\"1.5\""), (".inf", "\".inf\""), ("a:b", "a:b"), ("a:", "'a:'"), ("\u{7}", "\"\\x07\""), ("---", "'---'"),
  ])
  func scalar(_ value: String, _ spelled: String) {
    #expect(Self.text(["k": .string(value)]) == "k: \(spelled)\n")
  }

  @Test func nesting() {
    let value: JSONValue = ["a": [["b": 1, "c": []], ["d", [true]]], "e": .object(JSONObject()), "y": nil]
    #expect(Self.text(value) == "a:\n  - b: 1\n    c: []\n  - - d\n    - - true\ne: {}\n\"y\": null\n")
  }

  /// Whatever is written is read back as the same.
  @Test func roundTrip() throws {
    var random = SystemRandomNumberGenerator()
    let alphabet = Array(" \n\t-:#'\"\\{}[],&*!|>%@`?~=<.0159aeynofxT+_\u{85}\u{2028}\u{FEFF}é\u{1F600}\r")
    for _ in 0..<20_000 {
      let value = String((0..<Int.random(in: 0...6, using: &random)).map { _ in alphabet.randomElement(using: &random) ?? "a" })
      let text = YAMLText(["k": .array([.string(value)]), "s": .string(value)]).bytes
      let node = try #require(try YAMLReader.documents(text, file: "f").first)
      for found in [node["k"]?.sequence?.first?.string, node["s"]?.string] {
        #expect(found.map { Array($0.utf8) } == Array(value.utf8), "\(String(decoding: text, as: UTF8.self))")
      }
    }
  }
}
