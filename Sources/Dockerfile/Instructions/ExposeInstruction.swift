/// `EXPOSE …`.
package struct ExposeInstruction: Hashable, Sendable, InstructionBody {
  package var name: String { "EXPOSE" }
  /// Port numbers, ranges and protocols (`8000-8002/tcp`), in the order written; variables not expanded.
  package var ports: [String]

  package init(ports: [String]) { self.ports = ports }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    try context.atLeastOne(node)
    _ = try context.flags(node)
    ports = node.arguments.map(\.text)
  }

  init(from members: Members) throws {
    ports = try members.required("ports")
    if ports.isEmpty { throw members.fault("EXPOSE requires at least one argument", at: "ports") }
  }

  func write(to members: inout MemberWriter) { members.strings("ports", ports) }

  static let memberNames = ["ports"]
}
