/// `USER user`.
package struct UserInstruction: Hashable, Sendable, InstructionBody {
  package var name: String { "USER" }
  /// A name or number, with or without `:group`; variables not expanded.
  package var user: String

  package init(user: String) { self.user = user }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    user = try context.exactlyOne(node).text
    _ = try context.flags(node)
  }

  init(from members: Members) throws { user = try members.required("user") }

  func write(to members: inout MemberWriter) { members.string("user", user) }

  static let memberNames = ["user"]
}
