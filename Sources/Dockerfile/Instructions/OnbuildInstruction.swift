/// `ONBUILD instruction`.
package struct OnbuildInstruction: Hashable, Sendable, InstructionBody {
  package var name: String { "ONBUILD" }
  /// The instruction as text, with its here-documents: what the image configuration keeps and a later build parses.
  package var expression: String

  package init(expression: String) { self.expression = expression }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    guard let trigger = node.trigger.first else { throw context.fault("ONBUILD requires at least one argument", at: node.keyword) }
    _ = try context.flags(node)
    if let name = trigger.name, [.onbuild, .maintainer, .from].contains(name) {
      throw context.fault("\(name.rawValue) cannot follow ONBUILD", at: trigger.keyword)
    }
    expression = trigger.line
    for heredoc in node.heredocs { expression += "\n\(heredoc.heredoc.body)\(heredoc.heredoc.name)" }
  }

  init(from members: Members) throws { expression = try members.required("expression") }

  func write(to members: inout MemberWriter) { members.string("expression", expression) }

  static let memberNames = ["expression"]

  /// The instruction that the expression holds, parsed as the later build will.
  package func trigger() throws(DockerfileErrors) -> Instruction {
    try DockerfileDocument.parseTrigger(expression)
  }
}
