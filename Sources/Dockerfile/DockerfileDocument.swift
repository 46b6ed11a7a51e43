/// A parsed Dockerfile: what `dfparse` prints and `layerctl build` reads, see dockerfile-json(5).
package struct DockerfileDocument: Hashable, Sendable {
  package var escape: EscapeCharacter
  package var directives: [Directive]
  /// The ARG instructions before the first FROM.
  package var globalArguments: [Instruction]
  package var stages: [Stage]
  /// Comments and blank lines after the last instruction, as written.
  package var trailing: [String]

  package init(
    escape: EscapeCharacter = .backslash, directives: [Directive] = [], globalArguments: [Instruction] = [], stages: [Stage] = [],
    trailing: [String] = []
  ) {
    self.escape = escape
    self.directives = directives
    self.globalArguments = globalArguments
    self.stages = stages
    self.trailing = trailing
  }

  /// The first word of the `syntax` directive.
  package var syntax: String? {
    directives.first { $0.name == "syntax" }.map { String($0.value.prefix { $0 != " " }) }
  }
}

/// A build stage: its FROM and what follows up to the next one.
package struct Stage: Hashable, Sendable {
  package var from: FromInstruction
  /// Where the FROM stands.
  package var source: InstructionSource
  package var instructions: [Instruction]

  package init(from: FromInstruction, source: InstructionSource = InstructionSource(), instructions: [Instruction] = []) {
    self.from = from
    self.source = source
    self.instructions = instructions
  }
}
