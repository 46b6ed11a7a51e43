/// Splits one logical line into keyword, flags and arguments.
struct LineParser {
  let line: LogicalLine
  let escape: EscapeCharacter
  let lines: LineTable
  /// Whether the line follows ONBUILD.
  var isTrigger = false

  func parse(into node: inout SyntaxNode) throws(DockerfileError) {
    try parse(line.range, into: &node)
  }

  private func parse(_ range: Range<Int>, into node: inout SyntaxNode) throws(DockerfileError) {
    let bytes = line.bytes
    let trimmed = bytes.trimmed(range)
    var index = trimmed.lowerBound
    while index < trimmed.upperBound, !bytes[index].isBlank { index += 1 }
    node.keyword = line.piece(trimmed.lowerBound..<index)
    node.name = InstructionName(bytes[trimmed.lowerBound..<index])
    while index < trimmed.upperBound, bytes[index].isBlank { index += 1 }
    let rest = readFlags(index..<trimmed.upperBound, into: &node)
    try parseArguments(bytes.trimmed(rest), into: &node)
  }

  func fault(_ message: String, _ range: Range<Int>) -> DockerfileError {
    DockerfileError(message, range: lines.range(line.source(range)))
  }

  private func parseArguments(_ range: Range<Int>, into node: inout SyntaxNode) throws(DockerfileError) {
    switch node.name {
    case .env, .label: try parsePairs(range, into: &node)
    case .arg: node.arguments = words(range)
    case .from, .expose: node.arguments = blankSeparated(range)
    case .maintainer, .stopsignal, .user, .workdir: node.arguments = range.isEmpty ? [] : [line.piece(range)]
    case .cmd, .entrypoint, .run, .shell: try parseJSONOrText(range, into: &node)
    case .add, .copy, .volume:
      if try !parseJSON(range, into: &node) { node.arguments = blankSeparated(range) }
    case .healthcheck: try parseHealthcheck(range, into: &node)
    case .onbuild: try parseTrigger(range, into: &node)
    case nil: node.arguments = range.isEmpty ? [] : [line.piece(range)]
    }
  }

  private func parseTrigger(_ range: Range<Int>, into node: inout SyntaxNode) throws(DockerfileError) {
    guard !range.isEmpty else { return }
    let source = line.source(range)
    var trigger = SyntaxNode(source: source, above: source.lowerBound..<source.lowerBound)
    guard !isTrigger else {
      // ONBUILD ONBUILD is refused later; reading on would let a hostile line recurse without end.
      node.arguments = [line.piece(range)]
      return
    }
    var inner = self
    inner.isTrigger = true
    try inner.parse(range, into: &trigger)
    // The image configuration keeps the text as it stands, blanks at its end included.
    trigger.line = line.bytes.text(range.lowerBound..<line.range.upperBound)
    node.trigger = [trigger]
  }

  private func parseHealthcheck(_ range: Range<Int>, into node: inout SyntaxNode) throws(DockerfileError) {
    var index = range.lowerBound
    while index < range.upperBound, !line.bytes[index].isSpace { index += 1 }
    guard index > range.lowerBound else { return }
    let type = line.piece(range.lowerBound..<index)
    while index < range.upperBound, line.bytes[index].isSpace { index += 1 }
    try parseJSONOrText(index..<range.upperBound, into: &node)
    node.arguments.insert(type, at: 0)
  }

  private func parseJSONOrText(_ range: Range<Int>, into node: inout SyntaxNode) throws(DockerfileError) {
    if range.isEmpty { return }
    if try !parseJSON(range, into: &node) { node.arguments = [line.piece(range)] }
  }

  /// A JSON array of strings; false where the text is anything else. An array of other things is an error.
  private func parseJSON(_ range: Range<Int>, into node: inout SyntaxNode) throws(DockerfileError) -> Bool {
    let start = line.bytes.skippingSpace(range)
    guard start < range.upperBound, line.bytes[start] == Byte.leftBracket else { return false }
    var parser = JSONArrayParser(bytes: line.bytes, range: start..<range.upperBound)
    guard parser.parse() else { return false }
    if let other = parser.firstThatIsNoString {
      throw fault("a JSON array here must hold strings only", other)
    }
    node.arguments = parser.strings.map { Piece(text: $0.text, source: line.source($0.range)) }
    node.isJSON = true
    return true
  }

  private func blankSeparated(_ range: Range<Int>) -> [Piece] {
    var pieces: [Piece] = []
    var index = range.lowerBound
    while index < range.upperBound {
      let start = index
      while index < range.upperBound, !line.bytes[index].isBlank { index += 1 }
      pieces.append(line.piece(start..<index))
      while index < range.upperBound, line.bytes[index].isBlank { index += 1 }
    }
    return pieces
  }

  /// `name=value …`, or the legacy `name value`.
  private func parsePairs(_ range: Range<Int>, into node: inout SyntaxNode) throws(DockerfileError) {
    let words = wordRanges(range)
    guard let first = words.first else { return }
    let bytes = line.bytes
    if !bytes[first].contains(Byte.equals) {
      var index = range.lowerBound
      while index < range.upperBound, !bytes[index].isBlank { index += 1 }
      let name = range.lowerBound..<index
      while index < range.upperBound, bytes[index].isBlank { index += 1 }
      guard index > name.upperBound else {
        throw fault("\(node.keyword.text.uppercased()) must have two arguments: 'name=value'", range)
      }
      node.arguments = [line.piece(name), line.piece(index..<range.upperBound), line.piece(name.upperBound..<name.upperBound)]
      return
    }
    for word in words {
      guard let equals = bytes[word].firstIndex(of: Byte.equals) else {
        throw fault("no '=' in '\(bytes.text(word))', expected name=value", word)
      }
      node.arguments.append(line.piece(word.lowerBound..<equals))
      node.arguments.append(line.piece(equals + 1..<word.upperBound))
      node.arguments.append(line.piece(equals..<equals + 1))
    }
  }

  private func words(_ range: Range<Int>) -> [Piece] { wordRanges(range).map { line.piece($0) } }
}
