/// `LABEL name=value …`, or the legacy `LABEL name value`.
package struct LabelInstruction: Hashable, Sendable, InstructionBody {
  package var name: String { "LABEL" }
  package var labels: [Variable]
  /// Written without `=`: then there is one, and its value is the rest of the line.
  package var isLegacy: Bool

  package init(labels: [Variable]) {
    self.labels = labels
    isLegacy = false
  }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    _ = try context.flags(node)
    (labels, isLegacy) = try context.variables(node)
  }

  init(from members: Members) throws {
    labels = try members.required("labels")
    isLegacy = try members.optional("legacy") ?? false
    if labels.isEmpty { throw members.fault("LABEL requires at least one argument", at: "labels") }
    if isLegacy, labels.count > 1 { throw members.fault("the legacy form of LABEL takes one name and value", at: "legacy") }
  }

  func write(to members: inout MemberWriter) {
    members.objects("labels", labels) { $0.write(to: &$1) }
    members.bool("legacy", isLegacy ? true : nil)
  }

  static let memberNames = ["labels", "legacy"]
}
