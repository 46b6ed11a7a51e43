/// `SHELL ["executable", "parameters"]`.
package struct ShellInstruction: Hashable, Sendable, InstructionBody {
  package var name: String { "SHELL" }
  package var command: [String]

  package init(command: [String]) { self.command = command }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    _ = try context.flags(node)
    try context.atLeastOne(node)
    if !node.isJSON { throw context.fault("SHELL requires its arguments as a JSON array", at: node.arguments[0]) }
    command = node.arguments.map(\.text)
  }

  init(from members: Members) throws {
    command = try members.required("command")
    if command.isEmpty { throw members.fault("SHELL requires at least one argument", at: "command") }
  }

  func write(to members: inout MemberWriter) { members.strings("command", command) }

  static let memberNames = ["command"]
}
