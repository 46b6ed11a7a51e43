/// Splits a template into text and the tokens between `{{` and `}}`, trimming as `{{-` and `-}}` ask.
struct TemplateLexer {
  enum Token: Equatable {
    case text(String)
    case open, close
    case word(String)
    /// `.` alone or `.Name`.
    case dot, field(String)
    case variable(String)
    case string(String)
    case integer(Int64), number(Double)
    case pipe, leftParenthesis, rightParenthesis, comma, declare, assign
    /// White space within an action: `.a .b` is two operands, `.a.b` one.
    case space
  }

  /// A token and where it starts, as an offset in Unicode scalars.
  typealias Placed = (token: Token, offset: Int)

  private let scalars: [Unicode.Scalar]
  private var position = 0
  private var tokens: [Placed] = []

  private init(_ text: String) { scalars = Array(text.unicodeScalars) }

  static func tokens(of text: String) throws(GoTemplateError) -> [Placed] {
    var lexer = TemplateLexer(text)
    try lexer.run()
    return lexer.tokens
  }

  private mutating func run() throws(GoTemplateError) {
    var trimNext = false
    while position < scalars.count {
      var text = String.UnicodeScalarView()
      let start = position
      while position < scalars.count, !starts(with: "{{") {
        text.append(scalars[position])
        position += 1
      }
      let opened = position < scalars.count
      let trimsBefore = opened && starts(with: "{{-", followedBySpace: true)
      append(text: String(text), trimmingStart: trimNext, trimmingEnd: trimsBefore, at: start)
      guard opened else { return }
      position += trimsBefore ? 3 : 2
      trimNext = try action()
    }
  }

  private mutating func append(text: String, trimmingStart: Bool, trimmingEnd: Bool, at offset: Int) {
    var text = text.unicodeScalars[...]
    if trimmingStart { text = text.drop(while: isTemplateSpace) }
    if trimmingEnd { while let last = text.last, isTemplateSpace(last) { text.removeLast() } }
    if !text.isEmpty { tokens.append((.text(String(text)), offset)) }
  }

  /// Reads up to and over `}}`; true where it was `-}}`.
  private mutating func action() throws(GoTemplateError) -> Bool {
    skipSpace()
    if starts(with: "/*") {
      while position < scalars.count, !starts(with: "*/") { position += 1 }
      guard position < scalars.count else { throw .syntax("unclosed comment") }
      position += 2
      let trims = starts(with: " -}}")
      if trims { position += 2 }
      guard starts(with: "}}") else { throw .syntax("comment ends before closing delimiter") }
      position += 2
      return trims
    }
    tokens.append((.open, position))
    while true {
      guard position < scalars.count else { throw .syntax("unclosed action") }
      if starts(with: "}}") {
        tokens.append((.close, position))
        position += 2
        return false
      }
      if starts(with: "-}}"), position > 0, isTemplateSpace(scalars[position - 1]) {
        tokens.append((.close, position))
        position += 3
        return true
      }
      try token()
    }
  }

  private mutating func token() throws(GoTemplateError) {
    let start = position
    let scalar = scalars[position]
    switch scalar {
    case _ where isTemplateSpace(scalar):
      skipSpace()
      tokens.append((.space, start))
    case "|", "(", ")", ",", "=":
      position += 1
      let token: Token =
        switch scalar {
        case "|": .pipe
        case "(": .leftParenthesis
        case ")": .rightParenthesis
        case ",": .comma
        default: .assign
        }
      tokens.append((token, start))
    case ":" where starts(with: ":="):
      position += 2
      tokens.append((.declare, start))
    case "\"", "`", "'": try quotedToken(scalar)
    case ".":
      if position + 1 < scalars.count, ("0"..."9").contains(scalars[position + 1]) { return try numberToken() }
      position += 1
      let name = word()
      tokens.append((name.isEmpty ? .dot : .field(name), start))
    case "$":
      position += 1
      tokens.append((.variable("$" + word()), start))
    case "0"..."9", "-", "+": try numberToken()
    default:
      let name = word()
      guard !name.isEmpty else { throw .syntax("unexpected \(goQuoted(String(scalar))) in operand") }
      tokens.append((.word(name), start))
    }
  }

  private mutating func word() -> String {
    var name = String.UnicodeScalarView()
    while position < scalars.count,
      scalars[position] == "_" || scalars[position].properties.isAlphabetic
        || scalars[position].properties.numericType == .decimal
    {
      name.append(scalars[position])
      position += 1
    }
    return String(name)
  }

  private mutating func numberToken() throws(GoTemplateError) {
    let start = position
    var text = ""
    while position < scalars.count, "+-0123456789abcdefABCDEFxXoO_.".unicodeScalars.contains(scalars[position]) {
      text.unicodeScalars.append(scalars[position])
      position += 1
    }
    if let value = integer(text) {
      tokens.append((.integer(value), start))
    } else if let value = Double(text) {
      tokens.append((.number(value), start))
    } else {
      throw .syntax("bad number syntax: \(goQuoted(text))")
    }
  }

  private func integer(_ text: String) -> Int64? {
    let digits = text.replacing("_", with: "").lowercased()
    for (prefix, radix) in [("0x", 16), ("0o", 8), ("0b", 2)] where digits.hasPrefix(prefix) {
      return Int64(digits.dropFirst(2), radix: radix)
    }
    return Int64(digits)
  }

  private mutating func quotedToken(_ quote: Unicode.Scalar) throws(GoTemplateError) {
    let start = position
    position += 1
    var text = String.UnicodeScalarView()
    while position < scalars.count, scalars[position] != quote {
      if scalars[position] == "\n", quote != "`" { break }
      if scalars[position] == "\\", quote != "`" {
        position += 1
        text.append(try escape())
      } else {
        text.append(scalars[position])
        position += 1
      }
    }
    guard position < scalars.count, scalars[position] == quote else {
      throw .syntax(quote == "`" ? "unterminated raw quoted string" : "unterminated quoted string")
    }
    position += 1
    if quote == "'" {
      guard text.count == 1, let only = text.first else { throw .syntax("malformed character constant") }
      tokens.append((.integer(Int64(only.value)), start))
    } else {
      tokens.append((.string(String(text)), start))
    }
  }

  private mutating func escape() throws(GoTemplateError) -> Unicode.Scalar {
    guard position < scalars.count else { throw .syntax("unterminated quoted string") }
    let scalar = scalars[position]
    position += 1
    switch scalar {
    case "n": return "\n"
    case "t": return "\t"
    case "r": return "\r"
    case "a": return "\u{7}"
    case "b": return "\u{8}"
    case "f": return "\u{C}"
    case "v": return "\u{B}"
    case "\\", "\"", "'": return scalar
    case "x", "u", "U":
      let digits = scalar == "x" ? 2 : scalar == "u" ? 4 : 8
      guard position + digits <= scalars.count else { throw .syntax("bad escape in string") }
      let text = String(String.UnicodeScalarView(scalars[position..<position + digits]))
      guard let value = UInt32(text, radix: 16), let scalar = Unicode.Scalar(value) else { throw .syntax("bad escape in string") }
      position += digits
      return scalar
    default: throw .syntax("bad escape in string")
    }
  }

  private mutating func skipSpace() {
    while position < scalars.count, isTemplateSpace(scalars[position]) { position += 1 }
  }

  private func starts(with prefix: String, followedBySpace: Bool = false) -> Bool {
    var index = position
    for scalar in prefix.unicodeScalars {
      guard index < scalars.count, scalars[index] == scalar else { return false }
      index += 1
    }
    return !followedBySpace || (index < scalars.count && isTemplateSpace(scalars[index]))
  }
}

private func isTemplateSpace(_ scalar: Unicode.Scalar) -> Bool {
  scalar == " " || scalar == "\t" || scalar == "\r" || scalar == "\n"
}
