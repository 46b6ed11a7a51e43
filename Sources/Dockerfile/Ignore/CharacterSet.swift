/// A class of characters as Go's regexp package reads it.
struct CharacterSet: Sendable {
  private var ranges: [ClosedRange<UInt32>]
  private var isNegated = false

  init(_ ranges: [ClosedRange<UInt32>], negated: Bool = false) {
    self.ranges = ranges
    isNegated = negated
  }

  static let anyButNewline = CharacterSet([0x0A...0x0A], negated: true)

  func contains(_ scalar: UInt32) -> Bool {
    for range in ranges where range.contains(scalar) { return !isNegated }
    return isNegated
  }

  /// Reads `…]`; nil where it is malformed.
  init?(class rest: inout ArraySlice<UInt8>) {
    ranges = []
    isNegated = rest.first == UInt8(ascii: "^")
    if isNegated { rest.removeFirst() }
    var isFirst = true
    while let byte = rest.first, byte != Byte.rightBracket || isFirst {
      isFirst = false
      if byte == Byte.leftBracket, let named = Self.named(&rest) {
        ranges += named
        continue
      }
      guard let low = Self.member(&rest) else { return nil }
      if low.count == 1, low[0].count == 1, rest.first == Byte.dash, rest.dropFirst().first != Byte.rightBracket, rest.count > 1 {
        rest.removeFirst()
        guard let high = Self.member(&rest), high.count == 1, high[0].count == 1, low[0].lowerBound <= high[0].lowerBound else {
          return nil
        }
        ranges.append(low[0].lowerBound...high[0].lowerBound)
      } else {
        ranges += low
      }
    }
    guard !rest.isEmpty else { return nil }
    rest.removeFirst()
  }

  /// One character, or the set of an escape.
  private static func member(_ rest: inout ArraySlice<UInt8>) -> [ClosedRange<UInt32>]? {
    guard rest.first == Byte.backslash else { return PathPattern.popScalar(&rest).map { [$0...$0] } }
    rest.removeFirst()
    guard let set = CharacterSet(escape: &rest) else { return nil }
    return set.isNegated ? complement(set.ranges) : set.ranges
  }

  private static func complement(_ ranges: [ClosedRange<UInt32>]) -> [ClosedRange<UInt32>] {
    var result: [ClosedRange<UInt32>] = []
    var next: UInt32 = 0
    for range in ranges.sorted(by: { $0.lowerBound < $1.lowerBound }) {
      if range.lowerBound > next { result.append(next...range.lowerBound - 1) }
      next = range.upperBound + 1
    }
    return result + [next...0x10FFFF]
  }

  /// What follows a backslash; nil where Go knows no such escape.
  init?(escape rest: inout ArraySlice<UInt8>) {
    guard let byte = rest.first, let scalar = PathPattern.popScalar(&rest) else { return nil }
    let control: [UInt8: UInt32] = [
      UInt8(ascii: "a"): 7, UInt8(ascii: "f"): 12, UInt8(ascii: "n"): 10, UInt8(ascii: "r"): 13, UInt8(ascii: "t"): 9,
      UInt8(ascii: "v"): 11,
    ]
    if let code = control[byte] {
      self.init([code...code])
    } else if let ranges = Self.perl[byte | 0x20], byte.isLetter {
      self.init(ranges, negated: byte & 0x20 == 0)
    } else if byte < 0x80, !byte.isLetter, !byte.isDigit {
      self.init([scalar...scalar])
    } else {
      return nil
    }
  }

  private static let perl: [UInt8: [ClosedRange<UInt32>]] = [
    UInt8(ascii: "d"): [0x30...0x39], UInt8(ascii: "s"): [9...10, 12...13, 32...32],
    UInt8(ascii: "w"): [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A],
  ]

  /// `[:name:]` or `[:^name:]`.
  private static func named(_ rest: inout ArraySlice<UInt8>) -> [ClosedRange<UInt32>]? {
    guard rest.starts(with: "[:".utf8) else { return nil }
    let name = rest.dropFirst(2).prefix { $0 == UInt8(ascii: "^") || $0.isLetter }
    guard rest[name.endIndex...].starts(with: ":]".utf8) else { return nil }
    let isNegated = name.first == UInt8(ascii: "^")
    guard let ranges = posix[String(decoding: isNegated ? name.dropFirst() : name, as: UTF8.self)] else { return nil }
    rest = rest[(name.endIndex + 2)...]
    return isNegated ? complement(ranges) : ranges
  }

  private static let posix: [String: [ClosedRange<UInt32>]] = [
    "alnum": [0x30...0x39, 0x41...0x5A, 0x61...0x7A], "alpha": [0x41...0x5A, 0x61...0x7A], "ascii": [0...0x7F],
    "blank": [9...9, 32...32], "cntrl": [0...0x1F, 0x7F...0x7F], "digit": [0x30...0x39], "graph": [0x21...0x7E],
    "lower": [0x61...0x7A], "print": [0x20...0x7E], "punct": [0x21...0x2F, 0x3A...0x40, 0x5B...0x60, 0x7B...0x7E],
    "space": [9...13, 32...32], "upper": [0x41...0x5A], "word": [0x30...0x39, 0x41...0x5A, 0x5F...0x5F, 0x61...0x7A],
    "xdigit": [0x30...0x39, 0x41...0x46, 0x61...0x66],
  ]
}
