extension Linter {
  /// What can be seen in the text alone.
  mutating func checkSyntax() {
    for node in syntax.nodes {
      if let line = node.emptyContinuation {
        let start = syntax.lines.starts[line - 1]
        report(
          .noEmptyContinuation, syntax.lines.range(start..<start), "an empty line stands between continuation lines", comments(node))
      }
      switch node.name {
      case .from: checkFrom(node)
      case .arg: checkDescription("ARG", node.arguments.map { String($0.text.prefix { $0 != "=" }) }, node)
      case .maintainer:
        report(
          .maintainerDeprecated, range(node.keyword), "MAINTAINER is deprecated, use LABEL org.opencontainers.image.authors=…",
          comments(node))
      default: break
      }
    }
  }

  private mutating func checkFrom(_ node: SyntaxNode) {
    guard node.arguments.count == 3 else { return }
    let (keyword, name) = (node.arguments[1], node.arguments[2])
    if name.text != name.text.lowercased() {
      report(.stageNameCasing, range(name), "stage name '\(name.text)' should be in small letters", comments(node))
    }
    let from = node.keyword.text
    let isLower = from == from.lowercased()
    if isLower || from == from.uppercased(), keyword.text != (isLower ? keyword.text.lowercased() : keyword.text.uppercased()) {
      report(.fromAsCasing, range(keyword), "'\(keyword.text)' and '\(from)' differ in case", comments(node))
    }
    checkDescription("FROM", [name.text.lowercased()], node)
  }

  /// The comment directly above a definition describes it: `# name text`.
  private mutating func checkDescription(_ instruction: String, _ names: [String], _ node: SyntaxNode) {
    guard let comment = comments(node).last, !names.isEmpty else { return }
    if names.contains(String(comment.prefix { $0 != " " })) { return }
    report(
      .invalidDefinitionDescription, range(node.keyword),
      "the comment above \(instruction) should read '# \(names.count > 1 ? "NAME" : names[0]) DESCRIPTION'", comments(node))
  }

  func comments(_ node: SyntaxNode) -> [String] { descriptions(syntax.lines(above: node.above)) }

  mutating func checkStageNames() {
    var names: Set<String> = []
    for stage in document.stages {
      guard let name = stage.from.stageName else { continue }
      let comments = descriptions(stage.source.comments)
      if name == "context" || name == "scratch" {
        report(.reservedStageName, stage.nameRange, "'\(name)' is reserved and should name no stage", comments)
      }
      if !names.insert(name).inserted { report(.duplicateStageName, stage.nameRange, "another stage is named '\(name)', too", comments) }
    }
  }

  mutating func checkCasing() {
    let globals = document.globalArguments.count
    let keywords = syntax.nodes.dropFirst(globals)
    let lower = keywords.count { $0.keyword.text == $0.keyword.text.lowercased() }
    let upper = keywords.count { $0.keyword.text == $0.keyword.text.uppercased() }
    for node in keywords {
      let name = node.keyword.text
      if name != (lower > upper ? name.lowercased() : name.uppercased()) {
        report(
          .consistentInstructionCasing, range(node.keyword),
          "'\(name)' should be in \(lower > upper ? "small letters" : "capitals") like most instructions here", comments(node))
      }
    }
  }
}

/// The comments that describe an instruction, without their `#`: an empty comment ends those before it.
func descriptions(_ lines: [String]) -> [String] {
  var result: [String] = []
  for line in lines {
    // BuildKit drops the first character, whether that is the `#` or a blank before it.
    guard line.trimmedSpace.utf8.first == Byte.hash else { continue }
    let text = String(String.UnicodeScalarView(line.unicodeScalars.dropFirst())).trimmedSpace
    if text.isEmpty { result = [] } else { result.append(text) }
  }
  return result
}

extension Stage {
  /// Where the name stands, or the whole FROM.
  var nameRange: SourceRange? {
    let arguments = source.tokens.filter { $0.kind == .argument }
    return arguments.count == 3 ? arguments[2].range : source.range
  }
}
