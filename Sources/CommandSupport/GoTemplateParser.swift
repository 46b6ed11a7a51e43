/// Builds the tree of a template from its tokens.
struct TemplateParser {
  private let text: String
  private let tokens: [TemplateLexer.Placed]
  private var position = 0
  /// Variables in scope; `$` is the value that the template is executed with.
  private var variables = ["$"]
  private var loops = 0

  static func nodes(of text: String) throws(GoTemplateError) -> [TemplateNode] {
    var parser = TemplateParser(text: text, tokens: try TemplateLexer.tokens(of: text))
    let (nodes, ending) = try parser.list()
    if let ending { throw .syntax("unexpected {{\(ending)}}") }
    return nodes
  }

  private init(text: String, tokens: [TemplateLexer.Placed]) {
    self.text = text
    self.tokens = tokens
  }

  private var current: TemplateLexer.Token? { position < tokens.count ? tokens[position].token : nil }

  /// Nodes up to the end of the template or to an `end` or `else`, which is returned and consumed but for what follows `else`.
  private mutating func list() throws(GoTemplateError) -> (nodes: [TemplateNode], ending: String?) {
    var nodes: [TemplateNode] = []
    while let token = current {
      position += 1
      if case .text(let text) = token {
        nodes.append(.text(text))
        continue
      }
      skipSpace()
      guard case .word(let word)? = current else {
        nodes.append(.action(try pipeline(until: .close)))
        continue
      }
      switch word {
      case "end":
        position += 1
        try close("end")
        return (nodes, word)
      case "else":
        position += 1
        skipSpace()
        return (nodes, word)
      case "if", "with", "range":
        position += 1
        nodes.append(try control(word))
      case "break", "continue":
        position += 1
        guard loops > 0 else { throw .syntax("{{\(word)}} outside {{range}}") }
        try close(word)
        nodes.append(word == "break" ? .breakLoop : .continueLoop)
      case "define", "template", "block":
        throw .syntax("{{\(word)}} is not supported")
      default:
        nodes.append(.action(try pipeline(until: .close)))
      }
    }
    return (nodes, nil)
  }

  private mutating func control(_ word: String) throws(GoTemplateError) -> TemplateNode {
    let scope = variables.count
    defer { variables.removeLast(variables.count - scope) }
    let pipeline = try pipeline(until: .close, rangeClause: word == "range")
    if word == "range" { loops += 1 }
    let (body, ending) = try list()
    if word == "range" { loops -= 1 }
    var otherwise: [TemplateNode] = []
    switch ending {
    case "else"?:
      if case .word(let chained)? = current, chained == "if" || chained == "with" {
        guard word == chained else { throw .syntax("unexpected {{else \(chained)}} in \(word)") }
        position += 1
        otherwise = [try control(chained)]
      } else {
        try close("else")
        let (nodes, ending) = try list()
        guard ending == "end" else { throw .syntax(ending == nil ? "unexpected EOF" : "expected end; found {{else}}") }
        otherwise = nodes
      }
    case nil: throw .syntax("unexpected EOF")
    default: break
    }
    return switch word {
    case "if": .condition(pipeline, then: body, otherwise: otherwise)
    case "with": .with(pipeline, then: body, otherwise: otherwise)
    default: .range(pipeline, body: body, otherwise: otherwise)
    }
  }

  private mutating func close(_ word: String) throws(GoTemplateError) {
    skipSpace()
    guard current == .close else { throw .syntax("unexpected operand in \(word)") }
    position += 1
  }

  private mutating func skipSpace() { while current == .space { position += 1 } }

  // MARK: Pipelines

  private mutating func pipeline(
    until end: TemplateLexer.Token, rangeClause: Bool = false
  ) throws(GoTemplateError) -> TemplatePipeline {
    skipSpace()
    let start = position
    var pipeline = TemplatePipeline(commands: [], source: "")
    let declared = try declaration(into: &pipeline, rangeClause: rangeClause)
    while true {
      pipeline.commands.append(try command(until: end))
      if current == end { break }
      position += 1
    }
    pipeline.source = source(from: start, to: position)
    position += 1
    if declared { variables += pipeline.variables }
    return pipeline
  }

  /// `$x :=`, `$x =` and, in a range, `$i, $e :=`; true where variables come into scope.
  private mutating func declaration(into pipeline: inout TemplatePipeline, rangeClause: Bool) throws(GoTemplateError) -> Bool {
    let start = position
    var names: [String] = []
    while case .variable(let name)? = current {
      names.append(name)
      position += 1
      skipSpace()
      if current == .comma, rangeClause, names.count == 1 {
        position += 1
        skipSpace()
        continue
      }
      guard current == .declare || current == .assign else { break }
      pipeline.assigns = current == .assign
      if pipeline.assigns, let unknown = names.first(where: { !variables.contains($0) }) {
        throw .syntax("undefined variable \(goQuoted(unknown))")
      }
      pipeline.variables = names
      position += 1
      return !pipeline.assigns
    }
    position = start
    return false
  }

  private mutating func command(until end: TemplateLexer.Token) throws(GoTemplateError) -> [TemplateOperand] {
    var operands: [TemplateOperand] = []
    while true {
      skipSpace()
      guard let token = current else { throw .syntax("unclosed action") }
      if token == .pipe || token == end {
        if operands.isEmpty { throw .syntax(token == .pipe ? "missing value for command" : "missing value for pipeline") }
        return operands
      }
      operands.append(try operand())
      if let token = current, token != .space, token != .pipe, token != end { throw .syntax("unexpected operand") }
    }
  }

  private mutating func operand() throws(GoTemplateError) -> TemplateOperand {
    guard let token = current else { throw .syntax("unclosed action") }
    position += 1
    switch token {
    case .dot: return .dot
    case .field(let name): return .field([name] + fields())
    case .variable(let name):
      guard variables.contains(name) else { throw .syntax("undefined variable \(goQuoted(name))") }
      return .variable(name, fields: fields())
    case .string(let text): return .string(text)
    case .integer(let value): return .integer(value)
    case .number(let value): return .number(value)
    case .word("true"): return .bool(true)
    case .word("false"): return .bool(false)
    case .word("nil"): return .nil
    case .word(let name):
      guard TemplateFunction.named[name] != nil || name == "and" || name == "or" else {
        throw .syntax("function \(goQuoted(name)) not defined")
      }
      return .function(name)
    case .leftParenthesis:
      let inner = try pipeline(until: .rightParenthesis)
      return .pipeline(inner, fields: fields())
    case .close: throw .syntax("unclosed left paren")
    default: throw .syntax("unexpected token in operand")
    }
  }

  private mutating func fields() -> [String] {
    var names: [String] = []
    while case .field(let name)? = current {
      names.append(name)
      position += 1
    }
    return names
  }

  private func source(from start: Int, to end: Int) -> String {
    guard start < end, end < tokens.count else { return "" }
    let scalars = Array(text.unicodeScalars)[tokens[start].offset..<tokens[end].offset]
    var source = String(String.UnicodeScalarView(scalars))
    while source.hasSuffix(" ") { source.removeLast() }
    return source
  }
}
