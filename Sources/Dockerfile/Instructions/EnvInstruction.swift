/// `ENV name=value …`, or the legacy `ENV name value`.
package struct EnvInstruction: Hashable, Sendable, InstructionBody {
  package var name: String { "ENV" }
  package var variables: [Variable]
  /// Written without `=`: then there is one, and its value is the rest of the line.
  package var isLegacy: Bool

  package init(variables: [Variable]) {
    self.variables = variables
    isLegacy = false
  }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    _ = try context.flags(node)
    (variables, isLegacy) = try context.variables(node)
  }

  init(from members: Members) throws {
    variables = try members.required("variables")
    isLegacy = try members.optional("legacy") ?? false
    if variables.isEmpty { throw members.fault("ENV requires at least one argument", at: "variables") }
    if isLegacy, variables.count > 1 { throw members.fault("the legacy form of ENV takes one name and value", at: "legacy") }
  }

  func write(to members: inout MemberWriter) {
    members.objects("variables", variables) { $0.write(to: &$1) }
    members.bool("legacy", isLegacy ? true : nil)
  }

  static let memberNames = ["variables", "legacy"]
}
