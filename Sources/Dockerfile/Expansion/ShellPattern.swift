/// A shell pattern of `${x#…}`, `${x%…}` and `${x/…/…}`: `*` and `?` stand for anything but a newline; a backslash makes the next
/// `*`, `?` or backslash literal; there are no bracket expressions.
struct ShellPattern {
  private enum Element: Equatable { case literal(Unicode.Scalar), any, star }

  private var elements: [Element] = []
  private let isGreedy: Bool

  /// `isGreedy` says whether `*` takes as much as it can or as little.
  init(_ pattern: String, isGreedy: Bool) throws(WordExpansionError) {
    self.isGreedy = isGreedy
    let scalars = Array(pattern.unicodeScalars)
    var index = 0
    while index < scalars.count {
      switch scalars[index] {
      case "*": elements.append(.star)
      case "?": elements.append(.any)
      case "\\":
        let next: Unicode.Scalar? = index + 1 < scalars.count ? scalars[index + 1] : nil
        if next == "}" || next == "/" { break }
        guard let next, next == "*" || next == "?" || next == "\\" else {
          let shown = next.map { String(Character($0)) } ?? "\u{FFFD}"
          throw WordExpansionError("invalid pattern (\(pattern)) in substitution: invalid escape '\\\(shown)'")
        }
        elements.append(.literal(next))
        index += 1
      default: elements.append(.literal(scalars[index]))
      }
      index += 1
    }
  }

  /// The pattern for a text read backwards; escapes stay before what they escape.
  static func reversed(_ pattern: String) -> String {
    var reversed: [Unicode.Scalar] = []
    let scalars = Array(pattern.unicodeScalars)
    var index = 0
    while index < scalars.count {
      if scalars[index] == "\\", index + 1 < scalars.count {
        reversed += [scalars[index + 1], "\\"]
        index += 2
      } else {
        reversed.append(scalars[index])
        index += 1
      }
    }
    return String(String.UnicodeScalarView(reversed.reversed()))
  }

  /// Where a match that begins at `start` ends. Time is bounded by the product of both lengths: threads in order of preference.
  func match(_ text: [Unicode.Scalar], at start: Int) -> Int? {
    var threads: [Int] = []
    var seen = [Int](repeating: -1, count: elements.count + 1)
    var best: Int?
    add(0, to: &threads, &seen, step: start)
    var index = start
    while !threads.isEmpty {
      var next: [Int] = []
      for thread in threads {
        if thread == elements.count {
          best = index
          break
        }
        guard index < text.count else { continue }
        switch elements[thread] {
        case .literal(let scalar): if text[index] == scalar { add(thread + 1, to: &next, &seen, step: index + 1) }
        case .any: if text[index] != "\n" { add(thread + 1, to: &next, &seen, step: index + 1) }
        case .star: if text[index] != "\n" { add(thread, to: &next, &seen, step: index + 1) }
        }
      }
      threads = next
      index += 1
    }
    return best
  }

  /// Adds a thread and those reachable from it without reading, the preferred ones first.
  private func add(_ element: Int, to threads: inout [Int], _ seen: inout [Int], step: Int) {
    var element = element
    var skipped: [Int] = []
    while seen[element] != step {
      seen[element] = step
      guard element < elements.count, elements[element] == .star else {
        threads.append(element)
        break
      }
      if isGreedy { threads.append(element) } else { skipped.append(element) }
      element += 1
    }
    threads += skipped.reversed()
  }

  /// The first match, or every match, replaced. With `all`, `$0` in the replacement is the match, other `$name` are empty and `$$` is `$`.
  func replace(_ value: String, with replacement: String, all: Bool) -> String {
    let text = Array(value.unicodeScalars)
    var result: [Unicode.Scalar] = []
    var copied = 0
    var search = 0
    while search <= text.count {
      guard let (start, end) = firstMatch(text, from: search) else { break }
      result += text[copied..<start]
      if end > copied || start == 0 { result += all ? Self.template(replacement, text[start..<end]) : Array(replacement.unicodeScalars) }
      copied = end
      if !all { break }
      search = end > search ? end : search + 1
    }
    result += text[copied...]
    return String(String.UnicodeScalarView(result))
  }

  private func firstMatch(_ text: [Unicode.Scalar], from: Int) -> (Int, Int)? {
    for start in from...text.count {
      if let end = match(text, at: start) { return (start, end) }
    }
    return nil
  }

  private static func template(_ replacement: String, _ match: ArraySlice<Unicode.Scalar>) -> [Unicode.Scalar] {
    var result: [Unicode.Scalar] = []
    var rest = Substring(replacement).unicodeScalars
    while let scalar = rest.popFirst() {
      guard scalar == "$" else {
        result.append(scalar)
        continue
      }
      if rest.first == "$" {
        rest.removeFirst()
        result.append("$")
        continue
      }
      var name = rest
      let braced = name.first == "{"
      if braced { name.removeFirst() }
      let word = name.prefix { $0 == "_" || $0.properties.isAlphabetic || $0.properties.generalCategory == .decimalNumber }
      name.removeFirst(word.count)
      if word.isEmpty || (braced && name.popFirst() != "}") {
        result.append("$")
        continue
      }
      rest = name
      if String(word) == "0" { result += match }
    }
    return result
  }
}
