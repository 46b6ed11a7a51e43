/// One expansion: the text being read and the variables met.
struct ExpansionRun {
  typealias Lookup = (String) -> String?

  private let text: [UInt8]
  private let expander: WordExpander
  private var index = 0
  private var keepsEscapes: Bool
  /// The word being collected. Shared with nested `${x:-…}` as in BuildKit, where a nested expansion empties it.
  private var word: [UInt8] = []
  /// How deep `${` nests; bounded, since the text may be hostile.
  private var depth = 0
  private(set) var used: [String] = []
  private(set) var unset: [String] = []

  init(_ text: [UInt8], _ expander: WordExpander) {
    self.text = text.starts(with: [0xEF, 0xBB, 0xBF]) ? Array(text.dropFirst(3)) : text
    self.expander = expander
    keepsEscapes = expander.keepsEscapes
  }

  /// Reads up to `stop`, or to the end where it is nil.
  mutating func expand(
    until stop: UInt8?, keepsEscapes inner: Bool, _ lookup: Lookup
  ) throws(WordExpansionError) -> (result: [UInt8], words: [String]) {
    let outer = keepsEscapes
    keepsEscapes = inner
    defer { keepsEscapes = outer }
    depth += 1
    defer { depth -= 1 }
    guard depth < 200 else { throw WordExpansionError("substitutions nest too deeply") }
    var result: [UInt8] = []
    var words = WordSplitter()
    word.removeAll(keepingCapacity: true)
    while index < text.count {
      let byte = text[index]
      if byte == stop {
        index += 1
        return (result, words.finish(&word))
      }
      switch byte {
      case Byte.dollar:
        let value = try expandDollar(lookup)
        result += value
        words.add(value, to: &word)
      case Byte.less:
        let value = readPossibleHeredoc()
        result += value
        words.addRaw(value, to: &word)
      case Byte.singleQuote where !expander.ignoresQuotes:
        let value = try readSingleQuoted()
        result += value
        words.addRaw(value, to: &word)
      case Byte.doubleQuote where !expander.ignoresQuotes:
        let value = try expandDoubleQuoted(lookup)
        result += value
        words.addRaw(value, to: &word)
      case expander.escape.byte:
        index += 1
        if keepsEscapes {
          result.append(byte)
          words.addRaw([byte], to: &word)
        }
        let escaped = readCharacter()
        result += escaped
        if !escaped.isEmpty { words.addRaw(escaped, to: &word) }
      default:
        let character = readCharacter()
        result += character
        words.add(character, to: &word)
      }
    }
    if let stop {
      throw WordExpansionError("unexpected end of statement while looking for matching \(Character(Unicode.Scalar(stop)))")
    }
    return (result, words.finish(&word))
  }

  /// One character, a byte that is no UTF-8 as U+FFFD; empty at the end.
  private mutating func readCharacter() -> ArraySlice<UInt8> {
    guard index < text.count else { return [] }
    let width = text.characterWidth(at: index)
    defer { index += width }
    return text[index..<index + width]
  }

  /// Within single quotes everything stands for itself.
  private mutating func readSingleQuoted() throws(WordExpansionError) -> ArraySlice<UInt8> {
    let start = index
    index += 1
    while index < text.count, text[index] != Byte.singleQuote { index += 1 }
    guard index < text.count else {
      throw WordExpansionError("unexpected end of statement while looking for matching single-quote")
    }
    index += 1
    return expander.keepsQuotes ? text[start..<index] : text[start + 1..<index - 1]
  }

  /// Within double quotes variables are expanded, and the escape character escapes `"`, `$` and itself.
  private mutating func expandDoubleQuoted(_ lookup: Lookup) throws(WordExpansionError) -> [UInt8] {
    var result: [UInt8] = expander.keepsQuotes ? [Byte.doubleQuote] : []
    index += 1
    while index < text.count {
      let byte = text[index]
      switch byte {
      case Byte.doubleQuote:
        index += 1
        if expander.keepsQuotes { result.append(byte) }
        return result
      case Byte.dollar: result += try expandDollar(lookup)
      case expander.escape.byte:
        index += 1
        if keepsEscapes { result.append(byte) }
        guard index < text.count else { continue }
        if text[index] == Byte.doubleQuote || text[index] == Byte.dollar || text[index] == expander.escape.byte {
          result.append(text[index])
          index += 1
        } else {
          result.append(byte)
        }
      default:
        result.append(byte)
        index += 1
      }
    }
    throw WordExpansionError("unexpected end of statement while looking for matching double-quote")
  }

  /// `<<` and the blanks after it, which belong to the word of a here-document.
  private mutating func readPossibleHeredoc() -> ArraySlice<UInt8> {
    let start = index
    index += 1
    guard index < text.count, text[index] == Byte.less else { return text[start..<index] }
    index += 1
    while index < text.count, text[index] == Byte.tab || text[index] == Byte.carriageReturn || text[index] == Byte.space {
      index += 1
    }
    return text[start..<index]
  }

  private mutating func expandDollar(_ lookup: Lookup) throws(WordExpansionError) -> [UInt8] {
    index += 1
    guard index < text.count, text[index] == UInt8(ascii: "{") else {
      let name = readName()
      if name.isEmpty { return [Byte.dollar] }
      let value = find(name, lookup)
      if value == nil, expander.keepsUnset { return Array("$\(name)".utf8) }
      return Array((value ?? "").utf8)
    }
    index += 1
    guard index < text.count else { throw WordExpansionError("syntax error: missing '}'") }
    if text[index] == UInt8(ascii: "{") || text[index] == UInt8(ascii: "}") || text[index] == UInt8(ascii: ":") {
      throw WordExpansionError("syntax error: bad substitution")
    }
    return Array(try expandBraces(readName(), lookup).utf8)
  }

  /// What follows the name in `${name…}`.
  private mutating func expandBraces(_ name: String, _ lookup: Lookup) throws(WordExpansionError) -> String {
    var modifier = String(decoding: readCharacter(), as: UTF8.self)
    switch modifier {
    case "}":
      let value = find(name, lookup)
      if value == nil, expander.keepsUnset { return "${\(name)}" }
      return value ?? ""
    case "/": return try replace(name, lookup)
    case ":", "+", "-", "?", "#", "%": break
    default: throw WordExpansionError("unsupported modifier (\(modifier.isEmpty ? "\u{FFFD}" : modifier)) in substitution")
    }
    var kind = modifier
    let emptyIsUnset = modifier == ":"
    if emptyIsUnset {
      kind = String(decoding: readCharacter(), as: UTF8.self)
      modifier += kind.isEmpty ? "\u{FFFD}" : kind
    }
    let isPattern = kind == "#" || kind == "%"
    if emptyIsUnset, isPattern { throw WordExpansionError("unsupported modifier (\(modifier)) in substitution") }
    let word = try expandModifierWord(until: UInt8(ascii: "}"), missing: "missing '}'", keepsEscapes: isPattern, lookup)
    let value = find(name, lookup)
    if value == nil, expander.keepsUnset { return "${\(name)\(modifier)\(word)}" }
    let isUnset = value == nil || (emptyIsUnset && value == "")
    switch kind {
    case "-": return isUnset ? word : value ?? ""
    case "+": return isUnset ? "" : word
    case "?":
      if isUnset {
        throw WordExpansionError("\(name): \(word.isEmpty ? "is not allowed to be \(value == nil ? "unset" : "empty")" : word)")
      }
      return value ?? ""
    case "#", "%": return try trim(value ?? "", word, fromEnd: kind == "%")
    default: throw WordExpansionError("unsupported modifier (\(modifier)) in substitution")
    }
  }

  private mutating func expandModifierWord(
    until stop: UInt8, missing: String, keepsEscapes: Bool, _ lookup: Lookup
  ) throws(WordExpansionError) -> String {
    do throws(WordExpansionError) {
      return String(decoding: try expand(until: stop, keepsEscapes: keepsEscapes, lookup).result, as: UTF8.self)
    } catch {
      if index >= text.count { throw WordExpansionError("syntax error: \(missing)") }
      throw error
    }
  }

  /// `#`, `##`, `%` and `%%`.
  private func trim(_ value: String, _ word: String, fromEnd: Bool) throws(WordExpansionError) -> String {
    let isGreedy = word.utf8.first == (fromEnd ? 0x25 : 0x23)
    let pattern = try ShellPattern(
      fromEnd
        ? ShellPattern.reversed(isGreedy ? String(word.dropFirst()) : word)
        : isGreedy ? String(word.dropFirst()) : word, isGreedy: isGreedy)
    var scalars = Array(value.unicodeScalars)
    if fromEnd { scalars.reverse() }
    guard let end = pattern.match(scalars, at: 0) else { return value }
    var rest = Array(scalars[end...])
    if fromEnd { rest.reverse() }
    return String(String.UnicodeScalarView(rest))
  }

  /// `/pattern/replacement` and `//pattern/replacement`.
  private mutating func replace(_ name: String, _ lookup: Lookup) throws(WordExpansionError) -> String {
    let all = index < text.count && text[index] == Byte.slash
    if all { index += 1 }
    let pattern = try expandModifierWord(until: Byte.slash, missing: "missing '/' in ${}", keepsEscapes: true, lookup)
    let replacement = try expandModifierWord(until: UInt8(ascii: "}"), missing: "missing '}'", keepsEscapes: true, lookup)
    let value = find(name, lookup)
    if value == nil, expander.keepsUnset { return "${\(name)/\(pattern)/\(replacement)}" }
    let shellPattern = try ShellPattern(pattern, isGreedy: true)
    return shellPattern.replace(value ?? "", with: replacement, all: all)
  }

  /// A name, a number, or one of the special parameters, which are never set.
  private mutating func readName() -> String {
    let start = index
    guard index < text.count else { return "" }
    if text.isDecimalDigit(at: index) {
      while index < text.count, text.isDecimalDigit(at: index) { index += text.characterWidth(at: index) }
    } else if "@*#?-$!".utf8.contains(text[index]) {
      index += 1
    } else {
      while index < text.count, text.isNameCharacter(at: index) { index += text.characterWidth(at: index) }
    }
    return String(decoding: text[start..<index], as: UTF8.self)
  }

  private mutating func find(_ name: String, _ lookup: Lookup) -> String? {
    if let value = lookup(name) {
      if !used.contains(name) { used.append(name) }
      return value
    }
    if !unset.contains(name) { unset.append(name) }
    return nil
  }
}
