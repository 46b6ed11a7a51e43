/// The regular expressions that ``IgnorePattern`` makes, matched against whole paths without backtracking: characters, classes,
/// `.*`, a class with `*`, `(.*/)?`, and Go's escapes.
struct PathExpression: Sendable {
  private enum Element: Sendable {
    case one(CharacterSet)
    case many(CharacterSet)
    /// `(.*/)?`
    case directories
    case start
    case boundary(Bool)
  }

  private var elements: [Element] = []

  /// nil where Go's regexp package would refuse it.
  init?(_ expression: [UInt8]) {
    var rest = expression[...]
    while let byte = rest.first {
      var element: Element
      switch byte {
      case UInt8(ascii: "("):
        rest = rest.dropFirst("(.*/)?".utf8.count)
        elements.append(.directories)
        continue
      case Byte.leftBracket:
        rest.removeFirst()
        guard let set = CharacterSet(class: &rest) else { return nil }
        element = .one(set)
      case Byte.backslash:
        rest.removeFirst()
        guard let escape = Self.escape(&rest) else { return nil }
        element = escape
      case UInt8(ascii: "."):
        rest.removeFirst()
        element = .one(.anyButNewline)
      case UInt8(ascii: "^"):
        rest.removeFirst()
        element = .start
      default:
        guard let scalar = PathPattern.popScalar(&rest) else { return nil }
        element = .one(CharacterSet([scalar...scalar]))
      }
      if rest.first == UInt8(ascii: "*") {
        rest.removeFirst()
        guard case .one(let set) = element, rest.first != UInt8(ascii: "*") else { return nil }
        element = .many(set)
      }
      elements.append(element)
    }
  }

  private static func escape(_ rest: inout ArraySlice<UInt8>) -> Element? {
    switch rest.first {
    case UInt8(ascii: "A"):
      rest.removeFirst()
      return .start
    case UInt8(ascii: "b"), UInt8(ascii: "B"): return .boundary(rest.removeFirst() == UInt8(ascii: "b"))
    default: return CharacterSet(escape: &rest).map { .one($0) }
    }
  }

  /// States are the elements' indices, then the end, then for each `(.*/)?` the state within it.
  func matches(_ path: ArraySlice<UInt8>) -> Bool {
    var current = [Bool](repeating: false, count: 2 * elements.count + 1)
    var rest = path
    var previous: UInt32?
    add(0, to: &current, previous: nil, next: rest.first)
    while let scalar = PathPattern.popScalar(&rest) {
      var next = [Bool](repeating: false, count: current.count)
      var isAlive = false
      for state in current.indices where current[state] {
        isAlive = true
        for target in targets(state, scalar) { add(target, to: &next, previous: scalar, next: rest.first) }
      }
      if !isAlive { return false }
      current = next
      previous = scalar
    }
    _ = previous
    return current[elements.count]
  }

  private func targets(_ state: Int, _ scalar: UInt32) -> [Int] {
    let within = state > elements.count
    let index = within ? state - elements.count - 1 : state
    guard index < elements.count else { return [] }
    switch elements[index] {
    case .one(let set): return set.contains(scalar) ? [index + 1] : []
    case .many(let set): return set.contains(scalar) ? [index] : []
    case .directories:
      var targets = scalar == 0x0A ? [] : [elements.count + 1 + index]
      if scalar == UInt32(Byte.slash) { targets.append(index + 1) }
      return targets
    case .start, .boundary: return []
    }
  }

  /// Adds a state and those that are reached without reading.
  private func add(_ state: Int, to states: inout [Bool], previous: UInt32?, next: UInt8?) {
    var state = state
    while true {
      if states[state] { return }
      if state >= elements.count {
        states[state] = true
        return
      }
      switch elements[state] {
      case .one:
        states[state] = true
        return
      case .many, .directories: states[state] = true
      case .start: if previous != nil { return }
      case .boundary(let expected):
        let isBoundary = Self.isWord(previous) != Self.isWord(next.map(UInt32.init))
        if isBoundary != expected { return }
      }
      state += 1
    }
  }

  private static func isWord(_ scalar: UInt32?) -> Bool {
    guard let scalar, scalar < 0x80 else { return false }
    let byte = UInt8(scalar)
    return byte.isLetter || byte.isDigit || byte == UInt8(ascii: "_")
  }
}
