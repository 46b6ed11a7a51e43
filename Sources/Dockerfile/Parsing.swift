extension DockerfileDocument {
  /// Parses a Dockerfile as BuildKit does; source: the Dockerfile reference.
  ///
  /// The bytes need not be UTF-8: what is not is replaced by U+FFFD in the strings. A fault in the structure (a directive, a
  /// here-document, an argument list that cannot be split) ends the reading; those in instructions are all collected.
  package init(parsing source: [UInt8]) throws(DockerfileErrors) {
    self.init()
    var syntax = SyntaxParser(source)
    var errors: [DockerfileError] = []
    while let node = try Self.next(&syntax) {
      do throws(DockerfileError) { try add(node, syntax) } catch { errors.append(error) }
    }
    try finish(syntax, errors)
  }

  /// Gives the instructions of a parsed file their meaning.
  init(_ syntax: SyntaxParser) throws(DockerfileErrors) {
    self.init()
    var errors: [DockerfileError] = []
    for node in syntax.nodes {
      do throws(DockerfileError) { try add(node, syntax) } catch { errors.append(error) }
    }
    try finish(syntax, errors)
  }

  private static func next(_ syntax: inout SyntaxParser) throws(DockerfileErrors) -> SyntaxNode? {
    do throws(DockerfileError) { return try syntax.next() } catch { throw DockerfileErrors(errors: [error]) }
  }

  private mutating func finish(_ syntax: SyntaxParser, _ errors: [DockerfileError]) throws(DockerfileErrors) {
    escape = syntax.escape
    directives = syntax.directives
    trailing = syntax.lines(above: syntax.tail..<syntax.source.count)
    if !errors.isEmpty { throw DockerfileErrors(errors: errors) }
    if stages.isEmpty {
      throw DockerfileErrors(errors: [syntax.fault("no stage to build, expected FROM", syntax.source.count..<syntax.source.count)])
    }
  }

  private mutating func add(_ node: SyntaxNode, _ syntax: SyntaxParser) throws(DockerfileError) {
    let context = InstructionContext(lines: syntax.lines, escape: syntax.escape)
    if node.name == .from {
      let from = try FromInstruction(node, context)
      stages.append(Stage(from: from, source: InstructionSource(node, syntax)))
      return
    }
    let instruction = Instruction(try Instruction.Kind(node, context), source: InstructionSource(node, syntax))
    if !stages.isEmpty {
      stages[stages.count - 1].instructions.append(instruction)
    } else if case .arg = instruction.kind {
      globalArguments.append(instruction)
    } else {
      throw context.fault("no build stage in current context: \(instruction.name) before the first FROM", at: node.keyword)
    }
  }

  /// Parses the text that ONBUILD keeps.
  static func parseTrigger(_ expression: String) throws(DockerfileErrors) -> Instruction {
    var syntax = SyntaxParser(Array(expression.utf8))
    do throws(DockerfileError) {
      try syntax.parse()
      let node = syntax.nodes[0]
      let kind = try Instruction.Kind(node, InstructionContext(lines: syntax.lines, escape: syntax.escape))
      return Instruction(kind, source: InstructionSource(node, syntax))
    } catch { throw DockerfileErrors(errors: [error]) }
  }
}

extension Instruction.Kind {
  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    switch node.name {
    case .add: self = .add(try AddInstruction(node, context))
    case .arg: self = .arg(try ArgInstruction(node, context))
    case .cmd: self = .cmd(try CmdInstruction(node, context))
    case .copy: self = .copy(try CopyInstruction(node, context))
    case .entrypoint: self = .entrypoint(try EntrypointInstruction(node, context))
    case .env: self = .env(try EnvInstruction(node, context))
    case .expose: self = .expose(try ExposeInstruction(node, context))
    case .healthcheck: self = .healthcheck(try HealthcheckInstruction(node, context))
    case .label: self = .label(try LabelInstruction(node, context))
    case .maintainer: self = .maintainer(try MaintainerInstruction(node, context))
    case .onbuild: self = .onbuild(try OnbuildInstruction(node, context))
    case .run: self = .run(try RunInstruction(node, context))
    case .shell: self = .shell(try ShellInstruction(node, context))
    case .stopsignal: self = .stopsignal(try StopsignalInstruction(node, context))
    case .user: self = .user(try UserInstruction(node, context))
    case .volume: self = .volume(try VolumeInstruction(node, context))
    case .workdir: self = .workdir(try WorkdirInstruction(node, context))
    case .from, nil:
      let name = node.keyword.text
      throw context.fault(
        "unknown instruction '\(name)'", suggestion: suggest(name, among: Instruction.names, ignoringCase: true), at: node.keyword)
    }
  }
}

extension InstructionSource {
  init(_ node: SyntaxNode, _ syntax: SyntaxParser) {
    comments = syntax.lines(above: node.above)
    original = syntax.source.text(node.source)
    let lines = syntax.lines
    range = lines.range(node.source)
    tokens = Self.tokens(node).map { Token(kind: $0, range: lines.range($1)) }
  }

  private static func tokens(_ node: SyntaxNode) -> [(Token.Kind, Range<Int>)] {
    var tokens: [(Token.Kind, Range<Int>)] = [(.keyword, node.keyword.source)]
    for flag in node.flags { tokens.append((.flag, flag.source)) }
    switch node.name {
    case .env, .label:
      for index in stride(from: 0, to: node.arguments.count - 2, by: 3) {
        tokens.append((.name, node.arguments[index].source))
        tokens.append((.value, node.arguments[index + 1].source))
      }
    default: for argument in node.arguments { tokens.append((.argument, argument.source)) }
    }
    for trigger in node.trigger { tokens += Self.tokens(trigger) }
    for heredoc in node.heredocs {
      tokens.append((.heredoc, heredoc.body))
      tokens.append((.terminator, heredoc.terminator))
    }
    for comment in node.innerComments { tokens.append((.comment, comment)) }
    if !node.innerComments.isEmpty { tokens.sort { $0.1.lowerBound < $1.1.lowerBound } }
    return tokens
  }
}

extension SyntaxParser {
  /// The lines of a stretch between two instructions, as written; what remains of the line before is not one of them.
  func lines(above range: Range<Int>) -> [String] {
    var result: [String] = []
    var start = range.lowerBound
    while start < range.upperBound {
      var end = start
      while end < range.upperBound, source[end] != Byte.newline { end += 1 }
      // The blanks before an instruction on its own line are no line.
      if end == range.upperBound, end < source.count { break }
      var content = end
      while content > start, source[content - 1] == Byte.carriageReturn { content -= 1 }
      result.append(source.text(start..<content))
      start = end + 1
    }
    return result
  }
}
