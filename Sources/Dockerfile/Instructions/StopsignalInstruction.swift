/// `STOPSIGNAL signal`.
package struct StopsignalInstruction: Hashable, Sendable, InstructionBody {
  package var name: String { "STOPSIGNAL" }
  /// A name or number; variables not expanded.
  package var signal: String

  package init(signal: String) { self.signal = signal }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    signal = try context.exactlyOne(node).text
    // BuildKit does not look at flags here.
  }

  init(from members: Members) throws { signal = try members.required("signal") }

  func write(to members: inout MemberWriter) { members.string("signal", signal) }

  static let memberNames = ["signal"]
}
