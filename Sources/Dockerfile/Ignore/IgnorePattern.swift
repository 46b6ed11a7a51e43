/// One cleaned pattern of a .dockerignore file: `**` crosses `/`, `*`, `?` do not. What it accepts is what moby/patternmatcher
/// accepts, which turns a pattern into a regular expression; some odd spellings (`[*]`, `\d`) mean what they mean there.
struct IgnorePattern: Sendable {
  private enum Matcher: Sendable {
    case exact([UInt8])
    case prefix([UInt8])
    case suffix([UInt8])
    case expression(PathExpression)
  }

  let text: [UInt8]
  private let matcher: Matcher

  /// `text` is cleaned and has no `!`.
  init(_ text: [UInt8]) throws(PathPattern.Malformed) {
    self.text = text
    // Only for its faults: filepath.Match's idea of a bad pattern is the one that counts.
    _ = try PathPattern(text)
    let (kind, expression) = Self.translate(text)
    switch kind {
    case .exact: matcher = .exact(text)
    case .prefix: matcher = .prefix(Array(text.dropLast(2)))
    case .suffix: matcher = .suffix(Array(text.dropFirst(2)))
    case .expression:
      guard let expression = PathExpression(expression) else {
        throw PathPattern.Malformed(pattern: String(decoding: text, as: UTF8.self))
      }
      matcher = .expression(expression)
    }
  }

  func matches(_ path: ArraySlice<UInt8>) -> Bool {
    switch matcher {
    case .exact(let text): path.elementsEqual(text)
    case .prefix(let prefix): path.starts(with: prefix)
    case .suffix(let suffix):
      path.count >= suffix.count && path.suffix(suffix.count).elementsEqual(suffix)
        || suffix.first == Byte.slash && path.elementsEqual(suffix.dropFirst())
    case .expression(let expression): expression.matches(path)
    }
  }

  private enum Kind { case exact, prefix, suffix, expression }

  /// The pattern as a regular expression, and whether a comparison would do instead.
  private static func translate(_ text: [UInt8]) -> (Kind, [UInt8]) {
    var kind = Kind.exact
    var expression: [UInt8] = []
    var index = 0
    while index < text.count {
      let isFirst = index == 0
      let byte = text[index]
      index += 1
      switch byte {
      case UInt8(ascii: "*"):
        guard index < text.count, text[index] == UInt8(ascii: "*") else {
          expression += "[^/]*".utf8
          kind = .expression
          continue
        }
        index += 1
        if index < text.count, text[index] == Byte.slash { index += 1 }
        if index < text.count {
          expression += "(.*/)?".utf8
          kind = .expression
        } else if kind == .exact {
          kind = .prefix
        } else {
          expression += ".*".utf8
          kind = .expression
        }
        if isFirst { kind = .suffix }
      case UInt8(ascii: "?"):
        expression += "[^/]".utf8
        kind = .expression
      case Byte.backslash:
        // A pattern that ends in one was refused.
        expression += [byte, text[index]]
        index += 1
        kind = .expression
      case Byte.leftBracket, Byte.rightBracket:
        expression.append(byte)
        kind = .expression
      default:
        if ".+()|{}$".utf8.contains(byte) { expression.append(Byte.backslash) }
        expression.append(byte)
      }
    }
    return (kind, expression)
  }

  /// Whether a path below `directory` could match that does not match already; true when in doubt.
  func couldMatch(below directory: ArraySlice<UInt8>) -> Bool {
    let isOdd = text.contains { $0 == Byte.leftBracket || $0 == Byte.backslash || $0 == UInt8(ascii: "^") }
    let components = text.split(separator: Byte.slash)
    let directories = directory.split(separator: Byte.slash)
    for (component, name) in zip(components, directories) {
      if PathPattern.hasWildcard(component) || isOdd { return isOdd || crossesSlash || components.count > directories.count }
      if !component.elementsEqual(name) { return false }
    }
    return crossesSlash || isOdd || components.count > directories.count
  }

  private var crossesSlash: Bool {
    zip(text, text.dropFirst()).contains { $0 == UInt8(ascii: "*") && $1 == UInt8(ascii: "*") }
  }
}
