/// A string in the plainest of YAML's styles that reads back as the same string, by the rules of yaml.v3's emitter. What YAML 1.1 takes
/// for something else than a string (`yes`, `1:30`) is quoted too: half of all readers are of that version.
struct YAMLScalar {
  private let value: String
  /// A mapping's key is on one line.
  private let isKey: Bool
  private var allowsPlain = true
  private var allowsSingleQuotes = true
  private var allowsBlock = true

  init(_ value: String, isKey: Bool) {
    self.value = value
    self.isKey = isKey
    analyse()
  }

  /// - Parameter indentation: of the lines of a text of several lines.
  func text(indentation: Int) -> String {
    if value.isEmpty { return "\"\"" }
    if value.utf8.contains(UInt8(ascii: "\n")), !isKey { return allowsBlock ? block(indentation) : doubleQuoted }
    if Self.isMistakable(value) { return doubleQuoted }
    if allowsPlain { return value }
    return allowsSingleQuotes ? "'" + value.replacing("'", with: "''") + "'" : doubleQuoted
  }

  // -- what the characters allow (YAML 1.2.2, sections 7.3 and 8.1) ----------------------------------------------------------------

  private mutating func analyse() {
    let scalars = Array(value.unicodeScalars)
    var previous: Unicode.Scalar?
    if value.hasPrefix("---") || value.hasPrefix("...") { allowsPlain = false }
    for (position, scalar) in scalars.enumerated() {
      let next = position + 1 < scalars.count ? scalars[position + 1] : nil
      if Self.isIndicator(scalar, after: previous, before: next) { allowsPlain = false }
      let isBreak = Self.isBreak(scalar)
      if scalar == " " {
        if previous == nil || next == nil { allowsPlain = false }
        if next == nil { allowsBlock = false }
        if let previous, Self.isBreak(previous) { (allowsPlain, allowsSingleQuotes) = (false, false) }
      } else if isBreak {
        (allowsPlain, allowsSingleQuotes) = (false, false)
        // A blank before a line's end is easily lost, and a break of another kind becomes one of this kind.
        if previous == " " || scalar != "\n" { allowsBlock = false }
      } else if scalar == "\t" {
        (allowsPlain, allowsSingleQuotes) = (false, false)
      } else if !Self.isPrintable(scalar) {
        (allowsPlain, allowsSingleQuotes, allowsBlock) = (false, false, false)
      }
      previous = scalar
    }
  }

  private static func isBreak(_ scalar: Unicode.Scalar) -> Bool { [0x0A, 0x0D, 0x85, 0x2028, 0x2029].contains(scalar.value) }

  private static func isBlank(_ scalar: Unicode.Scalar?) -> Bool { scalar.map { $0 == " " || $0 == "\t" || isBreak($0) } ?? true }

  private static func isIndicator(_ scalar: Unicode.Scalar, after previous: Unicode.Scalar?, before next: Unicode.Scalar?) -> Bool {
    switch scalar {
    case "#": return isBlank(previous)
    case ":": return isBlank(next)
    case "?", "-": return previous == nil && isBlank(next)
    case ",", "[", "]", "{", "}", "&", "*", "!", "|", ">", "'", "\"", "%", "@", "`": return previous == nil
    default: return false
    }
  }

  private static func isPrintable(_ scalar: Unicode.Scalar) -> Bool {
    switch scalar.value {
    case 0x20...0x7E, 0xA0...0xD7FF, 0xE000...0xFFFD: scalar.value != 0xFEFF
    default: false
    }
  }

  // -- what is not a string when it stands plain ------------------------------------------------------------------------------------

  private static let words: Set<String> = [
    "y", "Y", "yes", "Yes", "YES", "on", "On", "ON", "n", "N", "no", "No", "NO", "off", "Off", "OFF", "<<", ".nan", ".NaN", ".NAN", ".inf",
    ".Inf", ".INF", "+.inf", "+.Inf", "+.INF", "-.inf", "-.Inf", "-.INF",
  ]

  private static func isMistakable(_ text: String) -> Bool {
    if words.contains(text) { return true }
    if case .string = Node.resolve(text) { return isSexagesimal(text) || isDate(text) }
    return true
  }

  /// `-12:30:45.6`, a number of YAML 1.1.
  private static func isSexagesimal(_ text: String) -> Bool {
    guard text.utf8.contains(UInt8(ascii: ":")), text.utf8.allSatisfy({ "+-0123456789_:.".utf8.contains($0) }) else { return false }
    let digits = text.first == "-" || text.first == "+" ? text.dropFirst() : text[...]
    let parts = digits.split(separator: ":", omittingEmptySubsequences: false)
    guard parts[0].first?.isNumber == true, parts[0].allSatisfy({ $0.isNumber || $0 == "_" }) else { return false }
    return parts.dropFirst().enumerated().allSatisfy { position, part in
      let whole = position + 2 == parts.count ? part.prefix { $0 != "." } : part
      return (1...2).contains(whole.count) && whole.allSatisfy(\.isNumber) && (whole.count == 1 || whole.first.map { $0 < "6" } == true)
    }
  }

  /// `2001-12-14`, with or without a time behind it: a timestamp of YAML 1.1.
  private static func isDate(_ text: String) -> Bool {
    let parts = text.split(separator: "-", maxSplits: 2, omittingEmptySubsequences: false)
    guard parts.count == 3, parts[0].count == 4, (1...2).contains(parts[1].count), (parts[0] + parts[1]).allSatisfy(\.isNumber)
    else { return false }
    let day = parts[2].prefix(while: \.isNumber)
    guard (1...2).contains(day.count) else { return false }
    return day.endIndex == parts[2].endIndex || "Tt ".contains(parts[2][day.endIndex])
  }

  // -- the styles -----------------------------------------------------------------------------------------------------------------

  /// A literal block (section 8.1.2), with its indentation where the first line begins with a blank, and what becomes of its last breaks.
  private func block(_ indentation: Int) -> String {
    let startsBlank = [" ", "\t", "\n"].contains(value.unicodeScalars.first)
    let chomping = !value.hasSuffix("\n") ? "-" : (value == "\n" || value.hasSuffix("\n\n") ? "+" : "")
    let margin = String(repeating: " ", count: indentation)
    var lines = value.split(separator: "\n", omittingEmptySubsequences: false)
    if value.hasSuffix("\n") { lines.removeLast() }
    return "|" + (startsBlank ? "2" : "") + chomping + lines.map { "\n" + ($0.isEmpty ? "" : margin + $0) }.joined()
  }

  private var doubleQuoted: String {
    var text = "\""
    for scalar in value.unicodeScalars {
      switch scalar {
      case "\"", "\\": text += "\\" + String(scalar)
      case "\n": text += "\\n"
      case "\r": text += "\\r"
      case "\t": text += "\\t"
      case "\0": text += "\\0"
      case "\u{85}": text += "\\N"
      case "\u{2028}": text += "\\L"
      case "\u{2029}": text += "\\P"
      case let scalar where Self.isPrintable(scalar): text.unicodeScalars.append(scalar)
      default: text += Self.escape(scalar.value)
      }
    }
    return text + "\""
  }

  private static func escape(_ value: UInt32) -> String {
    let digits = String(value, radix: 16, uppercase: true)
    let (letter, width) = value <= 0xFF ? ("x", 2) : value <= 0xFFFF ? ("u", 4) : ("U", 8)
    return "\\" + letter + String(repeating: "0", count: width - digits.count) + digits
  }
}
