package import JSON

/// Reads a TOML document (toml.io, version 1.0) as the JSON object that says the same. Dates and times become strings, and floats that JSON
/// has no words for (`inf`, `nan`) too.
package func parseTOML(_ text: [UInt8]) throws(TOMLError) -> JSONObject {
  var parser = TOMLParser(text)
  return try parser.document()
}

struct TOMLParser {
  let text: [UInt8]
  var position = 0
  private let root = TOMLTable(.header)
  private var current: TOMLTable

  init(_ text: [UInt8]) {
    self.text = text
    current = root
  }

  mutating func document() throws(TOMLError) -> JSONObject {
    guard String(validating: text, as: UTF8.self) != nil else { throw fault("not UTF-8") }
    while true {
      skipBlank(lines: true)
      guard let byte = peek else { return root.json }
      if byte == UInt8(ascii: "[") { try header() } else { try keyValue(into: current) }
      try endOfLine()
    }
  }

  // MARK: Structure

  /// `[a.b]` or `[[a.b]]`.
  private mutating func header() throws(TOMLError) {
    position += 1
    let isArray = take("[")
    skipBlank()
    let key = try dottedKey()
    guard take("]"), !isArray || take("]") else { throw fault("a table's header that does not end") }
    var table = root
    for name in key.dropLast() {
      switch table[name] {
      case .table(let inner)?: table = inner
      case .tables(let inner)?:
        guard let last = inner.last else { throw fault("'\(name)' is an empty array") }
        table = last
      case .value?: throw fault("'\(name)' is a value and has no tables in it")
      case nil:
        let inner = TOMLTable(.implied)
        table[name] = .table(inner)
        table = inner
      }
    }
    let name = key[key.count - 1]
    switch table[name] {
    case nil:
      current = TOMLTable(.header)
      table[name] = isArray ? .tables([current]) : .table(current)
    case .tables(let before)? where isArray:
      current = TOMLTable(.header)
      table[name] = .tables(before + [current])
    case .table(let inner)? where !isArray && inner.origin == .implied:
      inner.origin = .header
      current = inner
    default: throw fault("'\(key.joined(separator: "."))' is defined twice")
    }
  }

  mutating func keyValue(into table: TOMLTable, depth: Int = 0) throws(TOMLError) {
    let key = try dottedKey()
    guard take("=") else { throw fault("'=' is missing after '\(key.joined(separator: "."))'") }
    skipBlank()
    var table = table
    for name in key.dropLast() {
      switch table[name] {
      case .table(let inner)? where inner.origin == .keys: table = inner
      case nil:
        let inner = TOMLTable(.keys)
        table[name] = .table(inner)
        table = inner
      default: throw fault("'\(key.joined(separator: "."))': '\(name)' is defined already")
      }
    }
    let name = key[key.count - 1]
    guard table[name] == nil else { throw fault("'\(key.joined(separator: "."))' is defined twice") }
    table[name] = .value(try value(depth: depth))
  }

  /// Names separated by dots, and the blanks after them.
  private mutating func dottedKey() throws(TOMLError) -> [String] {
    var names: [String] = []
    repeat {
      skipBlank()
      guard names.count < 64 else { throw fault("a key of too many parts") }
      names.append(try simpleKey())
      skipBlank()
    } while take(".")
    return names
  }

  private mutating func simpleKey() throws(TOMLError) -> String {
    if peek == UInt8(ascii: "\"") { return try basicString() }
    if peek == UInt8(ascii: "'") { return try literalString() }
    let start = position
    while let byte = peek, byte.isBareKey { position += 1 }
    guard position > start else { throw fault("a key is missing") }
    return String(decoding: text[start..<position], as: UTF8.self)
  }

  // MARK: Characters

  var peek: UInt8? { position < text.count ? text[position] : nil }

  mutating func take(_ word: String) -> Bool {
    guard text[position...].starts(with: word.utf8) else { return false }
    position += word.utf8.count
    return true
  }

  /// Blanks, and with `lines` line ends and comments.
  mutating func skipBlank(lines: Bool = false) {
    while let byte = peek {
      switch byte {
      case 0x20, 0x09: position += 1
      case 0x0a where lines: position += 1
      case 0x0d where lines && position + 1 < text.count && text[position + 1] == 0x0a: position += 2
      case UInt8(ascii: "#") where lines: while let byte = peek, byte != 0x0a { position += 1 }
      default: return
      }
    }
  }

  private mutating func endOfLine() throws(TOMLError) {
    skipBlank()
    guard let byte = peek, byte != 0x0a, byte != UInt8(ascii: "#"), !(text[position...].starts(with: "\r\n".utf8)) else { return }
    throw fault("something after the end of a line's key or value")
  }

  func fault(_ reason: String) -> TOMLError {
    TOMLError(line: 1 + text[..<min(position, text.count)].count { $0 == 0x0a }, reason: reason)
  }
}

extension UInt8 {
  var isBareKey: Bool {
    switch self {
    case UInt8(ascii: "a")...UInt8(ascii: "z"), UInt8(ascii: "A")...UInt8(ascii: "Z"), UInt8(ascii: "0")...UInt8(ascii: "9"),
      UInt8(ascii: "_"), UInt8(ascii: "-"):
      true
    default: false
    }
  }
}
