/// `ENTRYPOINT command`, in either form.
package struct EntrypointInstruction: Hashable, Sendable, InstructionBody {
  package var name: String { "ENTRYPOINT" }
  package var command: CommandForm

  package init(_ command: CommandForm) { self.command = command }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    _ = try context.flags(node)
    command = context.command(node)
  }

  init(from members: Members) throws { command = try members.required("command") }

  func write(to members: inout MemberWriter) { members.command(command) }

  static let memberNames = ["command"]
}
