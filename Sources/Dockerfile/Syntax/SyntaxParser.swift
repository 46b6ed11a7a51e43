/// Splits a Dockerfile into instructions, as BuildKit does: continuation lines, comments, directives, here-documents.
/// Source: the Dockerfile reference, "Format" and "Here-documents"; where that is silent, BuildKit's behaviour.
struct SyntaxParser {
  /// The longest physical line, its line end not counted.
  static let longestLine = 65_535

  let source: [UInt8]
  private(set) var lines = LineTable()
  private(set) var directives: [Directive] = []
  private(set) var escape = EscapeCharacter.backslash
  private(set) var nodes: [SyntaxNode] = []
  /// Where what follows the last instruction begins: comments and blank lines.
  private(set) var tail = 0

  private var position: Int
  private var lineTooLong: Range<Int>?
  private var directivesAreOver = false
  private var hasInstruction = false

  /// With `escape` given the source is a part of a file: no directive may stand in it.
  init(_ source: [UInt8], escape: EscapeCharacter? = nil) {
    self.source = source
    if let escape {
      self.escape = escape
      directivesAreOver = true
    }
    position = source.starts(with: [0xEF, 0xBB, 0xBF]) ? 3 : 0
    tail = position
  }

  /// Reads the whole file into ``nodes``.
  mutating func parse() throws(DockerfileError) {
    while let node = try next() { nodes.append(node) }
  }

  /// The next instruction; nil at the end. A file without any is an error.
  mutating func next() throws(DockerfileError) -> SyntaxNode? {
    while let physical = nextLine() {
      let content = trimmedEnd(physical)
      let start = source.skippingSpace(content)
      if start == content.upperBound { directivesAreOver = true }
      guard start < content.upperBound else { continue }
      if source[start] == Byte.hash {
        if !directivesAreOver, try readDirective(start..<content.upperBound) { tail = position }
        continue
      }
      directivesAreOver = true
      hasInstruction = true
      return try readInstruction(start..<content.upperBound)
    }
    if let lineTooLong { throw fault("line is longer than \(Self.longestLine) bytes", lineTooLong) }
    if !hasInstruction { throw fault("file with no instructions", source.count..<source.count) }
    return nil
  }

  /// The next physical line without its newline.
  private mutating func nextLine() -> Range<Int>? {
    guard position < source.count, lineTooLong == nil else { return nil }
    let start = position
    var end = start
    while end < source.count, source[end] != Byte.newline { end += 1 }
    if end - start > Self.longestLine {
      lineTooLong = start..<end
      return nil
    }
    if end < source.count {
      position = end + 1
      lines.starts.append(position)
    } else {
      position = end
    }
    return start..<end
  }

  private func trimmedEnd(_ range: Range<Int>) -> Range<Int> {
    var end = range.upperBound
    while end > range.lowerBound, source[end - 1] == Byte.carriageReturn { end -= 1 }
    return range.lowerBound..<end
  }

  func fault(_ message: String, suggestion: String? = nil, _ range: Range<Int>) -> DockerfileError {
    DockerfileError(message, suggestion: suggestion, range: lines.range(range))
  }

  /// Reads `# name=value`; false, and no directive may follow, where it is none.
  private mutating func readDirective(_ line: Range<Int>) throws(DockerfileError) -> Bool {
    directivesAreOver = true
    guard let (name, value) = Self.directive(source, line.lowerBound + 1..<line.upperBound) else { return false }
    let key = source.text(name).lowercased()
    guard Directive.names.contains(key) else { return false }
    if directives.contains(where: { $0.name == key }) {
      throw fault("only one '\(key)' parser directive can be used", name)
    }
    let text = source.text(value)
    if key == "escape" {
      guard let character = EscapeCharacter(rawValue: text) else {
        throw fault("invalid escape character '\(text)', expected \\ or `", value)
      }
      escape = character
    }
    directives.append(Directive(name: key, value: text, range: lines.range(line)))
    directivesAreOver = false
    return true
  }

  /// Where name and value stand in the text after `#`.
  static func directive(_ source: [UInt8], _ range: Range<Int>) -> (name: Range<Int>, value: Range<Int>)? {
    let start = source.skippingSpace(range)
    var index = start
    while index < range.upperBound, source[index].isLetter || (source[index].isDigit && index > start) { index += 1 }
    let name = start..<index
    while index < range.upperBound, source[index].isSpace { index += 1 }
    guard !name.isEmpty, index < range.upperBound, source[index] == Byte.equals else { return nil }
    index += 1
    guard index < range.upperBound else { return nil }
    while index < range.upperBound - 1, source[index].isSpace { index += 1 }
    var end = range.upperBound
    while end > index + 1, source[end - 1].isSpace { end -= 1 }
    return (name, index..<end)
  }
}

extension SyntaxParser {
  /// Reads the instruction whose first line is given, its continuation lines and its here-documents.
  private mutating func readInstruction(_ first: Range<Int>) throws(DockerfileError) -> SyntaxNode {
    var node = SyntaxNode(source: first, above: tail..<first.lowerBound)
    let line = joinContinuations(first, &node)
    try LineParser(line: line, escape: escape, lines: lines).parse(into: &node)
    node.source = first.lowerBound..<endOfLine(before: position)
    if node.canContainHeredoc, line.bytes.containsHeredocMark(line.range) {
      try readHeredocs(line, &node)
    }
    tail = position
    return node
  }

  /// The end of the physical line that ends before `position`, without its line end.
  private func endOfLine(before position: Int) -> Int {
    var end = position
    if end > 0, source[end - 1] == Byte.newline { end -= 1 }
    while end > 0, source[end - 1] == Byte.carriageReturn { end -= 1 }
    return end
  }

  private mutating func joinContinuations(_ first: Range<Int>, _ node: inout SyntaxNode) -> LogicalLine {
    guard var end = continuation(first) else { return LogicalLine(bytes: source, range: first, pieces: []) }
    var bytes = Array(source[first.lowerBound..<end])
    var pieces = [(start: 0, source: first.lowerBound)]
    while let physical = nextLine() {
      let content = trimmedEnd(physical)
      let start = source.skippingSpace(content)
      if start == content.upperBound {
        if node.emptyContinuation == nil { node.emptyContinuation = lines.position(physical.lowerBound).line }
        continue
      }
      if source[start] == Byte.hash {
        node.innerComments.append(start..<content.upperBound)
        continue
      }
      let next = continuation(content)
      end = next ?? content.upperBound
      pieces.append((bytes.count, content.lowerBound))
      bytes += source[content.lowerBound..<end]
      if next == nil { break }
    }
    return LogicalLine(bytes: bytes, range: 0..<bytes.count, pieces: pieces)
  }

  /// Where the escape character stands that continues this line; nil where none does. One before it makes it literal, and a
  /// third one does not change that: BuildKit's quirk, which people's files rely on.
  private func continuation(_ line: Range<Int>) -> Int? {
    var end = line.upperBound
    while end > line.lowerBound, source[end - 1] == Byte.space || source[end - 1] == Byte.tab { end -= 1 }
    guard end > line.lowerBound, source[end - 1] == escape.byte else { return nil }
    if end - 2 >= line.lowerBound, source[end - 2] == escape.byte { return nil }
    return end - 1
  }

  private mutating func readHeredocs(_ line: LogicalLine, _ node: inout SyntaxNode) throws(DockerfileError) {
    for var heredoc in try HeredocWord.find(in: line.bytes.text(line.range), or: { fault($0, node.source) }) {
      let start = position
      var piece: HeredocPiece?
      while let physical = nextLine() {
        var content = trimmedEnd(physical)
        if heredoc.stripsTabs {
          while !content.isEmpty, source[content.lowerBound] == Byte.tab { content = content.lowerBound + 1..<content.upperBound }
        }
        if source[content].elementsEqual(heredoc.name.utf8) {
          heredoc.body = source.text(start..<physical.lowerBound)
          piece = HeredocPiece(heredoc: heredoc, body: start..<physical.lowerBound, terminator: content)
          node.source = node.source.lowerBound..<content.upperBound
          break
        }
      }
      guard let piece else { throw fault("unterminated heredoc, expected a line '\(heredoc.name)'", node.source) }
      node.heredocs.append(piece)
    }
  }
}

extension SyntaxNode {
  /// Only ADD, COPY and RUN take here-documents, by themselves or after ONBUILD, and not in JSON form.
  var canContainHeredoc: Bool {
    switch name {
    case .add, .copy, .run: !isJSON
    case .onbuild: trigger.first?.canContainHeredoc ?? false
    default: false
    }
  }
}

extension Array<UInt8> {
  func containsHeredocMark(_ range: Range<Int>) -> Bool {
    var previous: UInt8 = 0
    for index in range {
      if self[index] == Byte.less, previous == Byte.less { return true }
      previous = self[index]
    }
    return false
  }
}
