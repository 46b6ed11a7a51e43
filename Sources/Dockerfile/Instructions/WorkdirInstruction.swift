/// `WORKDIR path`.
package struct WorkdirInstruction: Hashable, Sendable, InstructionBody {
  package var name: String { "WORKDIR" }
  /// Variables not expanded.
  package var path: String

  package init(path: String) { self.path = path }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    path = try context.exactlyOne(node).text
    _ = try context.flags(node)
  }

  init(from members: Members) throws { path = try members.required("path") }

  func write(to members: inout MemberWriter) { members.string("path", path) }

  static let memberNames = ["path"]
}
