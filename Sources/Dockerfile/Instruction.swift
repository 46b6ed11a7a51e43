/// One instruction of a stage.
package struct Instruction: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case add(AddInstruction)
    case arg(ArgInstruction)
    case cmd(CmdInstruction)
    case copy(CopyInstruction)
    case entrypoint(EntrypointInstruction)
    case env(EnvInstruction)
    case expose(ExposeInstruction)
    case healthcheck(HealthcheckInstruction)
    case label(LabelInstruction)
    case maintainer(MaintainerInstruction)
    indirect case onbuild(OnbuildInstruction)
    case run(RunInstruction)
    case shell(ShellInstruction)
    case stopsignal(StopsignalInstruction)
    case user(UserInstruction)
    case volume(VolumeInstruction)
    case workdir(WorkdirInstruction)
  }

  package var kind: Kind
  package var source: InstructionSource

  package init(_ kind: Kind, source: InstructionSource = InstructionSource()) {
    self.kind = kind
    self.source = source
  }

  /// What the instructions are called, FROM included.
  package static let names = [
    "ADD", "ARG", "CMD", "COPY", "ENTRYPOINT", "ENV", "EXPOSE", "FROM", "HEALTHCHECK", "LABEL", "MAINTAINER", "ONBUILD", "RUN",
    "SHELL", "STOPSIGNAL", "USER", "VOLUME", "WORKDIR",
  ]

  /// The instruction's name in capitals.
  package var name: String { body.name }

  var body: any InstructionBody {
    switch kind {
    case .add(let body): body
    case .arg(let body): body
    case .cmd(let body): body
    case .copy(let body): body
    case .entrypoint(let body): body
    case .env(let body): body
    case .expose(let body): body
    case .healthcheck(let body): body
    case .label(let body): body
    case .maintainer(let body): body
    case .onbuild(let body): body
    case .run(let body): body
    case .shell(let body): body
    case .stopsignal(let body): body
    case .user(let body): body
    case .volume(let body): body
    case .workdir(let body): body
    }
  }
}

/// What every instruction's type can do, so that a new one is added in one file and two switches.
protocol InstructionBody {
  var name: String { get }

  /// Reads the instruction's own grammar.
  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError)

  /// Reads the instruction's members of a JSON object.
  init(from members: Members) throws

  /// Writes the members that ``init(from:)`` reads.
  func write(to members: inout MemberWriter)
}

/// Where an instruction stands and what stands above it. Everything here may be absent: a person who adds an instruction to the
/// JSON gives none of it.
package struct InstructionSource: Hashable, Sendable {
  /// The comments and blank lines above the instruction, line by line as written; a blank line is "".
  package var comments: [String] = []
  /// The instruction as it was written, with its continuation lines, comments between them and here-documents.
  package var original: String?
  package var range: SourceRange?
  /// In the order of the source.
  package var tokens: [Token] = []

  package init() {}

  /// The line of the instruction's first word; nil where it came without a range.
  package var line: Int? { range?.start.line }

  /// The place of the n-th argument (from 0), for messages.
  package func argument(_ index: Int) -> SourceRange? {
    var rest = index
    for token in tokens where token.kind == .argument || token.kind == .name || token.kind == .value {
      if rest == 0 { return token.range }
      rest -= 1
    }
    return range
  }
}
