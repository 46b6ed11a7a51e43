/// `MAINTAINER maintainer`.
package struct MaintainerInstruction: Hashable, Sendable, InstructionBody {
  package var name: String { "MAINTAINER" }
  /// The image's author.
  package var maintainer: String

  package init(maintainer: String) { self.maintainer = maintainer }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    maintainer = try context.exactlyOne(node).text
    _ = try context.flags(node)
  }

  init(from members: Members) throws { maintainer = try members.required("maintainer") }

  func write(to members: inout MemberWriter) { members.string("maintainer", maintainer) }

  static let memberNames = ["maintainer"]
}
