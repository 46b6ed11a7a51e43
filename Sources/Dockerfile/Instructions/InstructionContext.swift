/// What an instruction's grammar needs besides its own words.
struct InstructionContext {
  let lines: LineTable
  let escape: EscapeCharacter

  func fault(_ message: String, suggestion: String? = nil, at piece: Piece) -> DockerfileError {
    fault(message, suggestion: suggestion, at: piece.source)
  }

  func fault(_ message: String, suggestion: String? = nil, at source: Range<Int>) -> DockerfileError {
    DockerfileError(message, suggestion: suggestion, range: lines.range(source))
  }

  /// Reads the flags that an instruction knows.
  func flags(_ node: SyntaxNode, _ known: KeyValuePairs<String, Flags.Kind> = [:]) throws(DockerfileError) -> Flags {
    try Flags(node, known, self)
  }

  func exactlyOne(_ node: SyntaxNode) throws(DockerfileError) -> Piece {
    guard node.arguments.count == 1 else {
      throw fault("\(node.keyword.text.uppercased()) requires exactly one argument", at: node.keyword)
    }
    return node.arguments[0]
  }

  func atLeastOne(_ node: SyntaxNode) throws(DockerfileError) {
    if node.arguments.isEmpty { throw fault("\(node.keyword.text.uppercased()) requires at least one argument", at: node.keyword) }
  }

  /// The command of RUN, CMD and ENTRYPOINT.
  func command(_ node: SyntaxNode) -> CommandForm {
    node.isJSON ? .exec(node.arguments.map(\.text)) : .shell(node.arguments.map(\.text).joined(separator: " "))
  }
}
