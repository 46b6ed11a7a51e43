import JSON
import Testing

@testable import Dockerfile

/// BuildKit's own parser cases, compared as its `result` files say.
@Suite struct SyntaxTests {
  @Test(.enabled(if: Corpus.isPresent, Corpus.absent), arguments: Corpus.names("parser/testfiles"))
  func dumpsAsBuildKit(_ name: String) throws {
    var syntax = SyntaxParser(try Corpus.bytes("parser/testfiles/\(name)/Dockerfile"))
    try syntax.parse()
    let expected = String(decoding: try Corpus.bytes("parser/testfiles/\(name)/result"), as: UTF8.self)
    let dump = syntax.nodes.map { "(\(Self.dump($0)))" }.joined(separator: "\n")
    #expect(dump == Self.trimmed(expected))
  }

  @Test(.enabled(if: Corpus.isPresent, Corpus.absent), arguments: Corpus.names("parser/testfiles-negative"))
  func refuses(_ name: String) throws {
    let source = try Corpus.bytes("parser/testfiles-negative/\(name)/Dockerfile")
    #expect(throws: DockerfileErrors.self) { try DockerfileDocument(parsing: source) }
  }

  private static func trimmed(_ text: String) -> String {
    var text = Substring(text)
    while text.last?.isWhitespace == true { text.removeLast() }
    return String(text)
  }

  /// The S-expression of BuildKit's dumper.
  private static func dump(_ node: SyntaxNode) -> String {
    var text = node.keyword.text.lowercased()
    if !node.flags.isEmpty { text += " [" + node.flags.map { goQuoted($0.text) }.joined(separator: " ") + "]" }
    for trigger in node.trigger { text += " (\(dump(trigger)))" }
    for argument in node.arguments { text += " " + goQuoted(argument.text) }
    return text
  }
}
