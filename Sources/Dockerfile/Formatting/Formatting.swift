/// An instruction that no Dockerfile can say, such as a shell form with a newline in it.
package struct FormattingError: Error, Hashable, Sendable, CustomStringConvertible {
  package var instruction: String
  /// From 1, FROM included.
  package var number: Int
  package var description: String { "instruction \(number), \(instruction), cannot be written in a Dockerfile; give it in another form" }
}

extension DockerfileDocument {
  package enum Style: Sendable {
    /// What was written, wherever it still says the same; the rest in canonical form.
    case asWritten
    /// Capitals, single blanks, at most one blank line between instructions. Instructions of several lines keep their lines.
    case canonical
  }

  /// The document as a Dockerfile that parses to the same document, places apart.
  package func formatted(_ style: Style) throws(FormattingError) -> String {
    var formatter = Formatter(escape: escape, style: style)
    for directive in directives { formatter.lines.append("# \(directive.name)=\(directive.value)") }
    for argument in globalArguments { try formatter.add(argument) }
    for stage in stages {
      try formatter.add(stage)
      for instruction in stage.instructions { try formatter.add(instruction) }
    }
    formatter.add(comments: trailing)
    if style == .canonical { while formatter.lines.last == "" { formatter.lines.removeLast() } }
    return formatter.lines.joined(separator: "\n") + "\n"
  }
}

private struct Formatter {
  let escape: EscapeCharacter
  let style: DockerfileDocument.Style
  var lines: [String] = []
  private var count = 0

  init(escape: EscapeCharacter, style: DockerfileDocument.Style) {
    self.escape = escape
    self.style = style
  }

  mutating func add(comments: [String]) {
    for comment in comments {
      guard style == .canonical else {
        lines.append(comment)
        continue
      }
      let text = comment.trimmedSpace
      if text.isEmpty, lines.last == "" || lines.isEmpty { continue }
      lines.append(text)
    }
  }

  mutating func add(_ instruction: Instruction) throws(FormattingError) {
    let escape = escape
    let canonical = InstructionText(escape: escape).text(instruction.kind)
    try add(instruction.name, instruction.source, canonical) { (text: String) in
      (try? Instruction.Kind(parsing: text, escape: escape)) == instruction.kind
    }
  }

  mutating func add(_ stage: Stage) throws(FormattingError) {
    let escape = escape
    try add("FROM", stage.source, InstructionText(escape: escape).text(stage.from)) { text in
      (try? FromInstruction(parsing: text, escape: escape)) == stage.from
    }
  }

  /// `isSame` says whether a text parses to the instruction.
  private mutating func add(
    _ name: String, _ source: InstructionSource, _ canonical: String, _ isSame: (String) -> Bool
  ) throws(FormattingError) {
    count += 1
    add(comments: source.comments)
    if let original = source.original, style == .asWritten || original.utf8.contains(Byte.newline), isSame(original) {
      let text = style == .canonical ? Self.tidied(original, name) : original
      lines.append(isSame(text) ? text : original)
    } else if isSame(canonical) {
      lines.append(canonical)
    } else if let original = source.original, isSame(original) {
      lines.append(original)
    } else {
      throw FormattingError(instruction: name, number: count)
    }
  }

  /// The name in capitals and no blanks at the lines' ends.
  private static func tidied(_ original: String, _ name: String) -> String {
    var lines = original.split(separator: "\n", omittingEmptySubsequences: false).map { line in
      var line = line
      while let last = line.utf8.last, last == Byte.space || last == Byte.tab || last == Byte.carriageReturn { line.removeLast() }
      return String(line)
    }
    lines[0] = name + lines[0].dropFirst(name.count)
    return lines.joined(separator: "\n")
  }
}

extension Instruction.Kind {
  /// Parses one instruction by itself.
  init(parsing text: String, escape: EscapeCharacter) throws(DockerfileError) {
    let (node, context) = try SyntaxParser.single(text, escape)
    self = try Instruction.Kind(node, context)
  }
}

extension FromInstruction {
  init(parsing text: String, escape: EscapeCharacter) throws(DockerfileError) {
    let (node, context) = try SyntaxParser.single(text, escape)
    guard node.name == .from else { throw DockerfileError("no FROM") }
    self = try FromInstruction(node, context)
  }
}

extension SyntaxParser {
  /// Reads a text that holds exactly one instruction and nothing else.
  fileprivate static func single(_ text: String, _ escape: EscapeCharacter) throws(DockerfileError) -> (SyntaxNode, InstructionContext) {
    var syntax = SyntaxParser(Array(text.utf8), escape: escape)
    try syntax.parse()
    guard syntax.nodes.count == 1, syntax.nodes[0].above.isEmpty, syntax.tail == syntax.source.count else {
      throw DockerfileError("not one instruction")
    }
    return (syntax.nodes[0], InstructionContext(lines: syntax.lines, escape: escape))
  }
}
