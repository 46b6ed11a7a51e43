/// The bytes that Dockerfiles give a meaning.
enum Byte {
  static let tab: UInt8 = 0x09
  static let newline: UInt8 = 0x0A
  static let carriageReturn: UInt8 = 0x0D
  static let space: UInt8 = 0x20
  static let doubleQuote: UInt8 = 0x22
  static let hash: UInt8 = 0x23
  static let dollar: UInt8 = 0x24
  static let singleQuote: UInt8 = 0x27
  static let comma: UInt8 = 0x2C
  static let dash: UInt8 = 0x2D
  static let slash: UInt8 = 0x2F
  static let less: UInt8 = 0x3C
  static let equals: UInt8 = 0x3D
  static let leftBracket: UInt8 = 0x5B
  static let backslash: UInt8 = 0x5C
  static let rightBracket: UInt8 = 0x5D
}

extension UInt8 {
  /// What separates words on an instruction's line: tab, vertical tab, form feed, carriage return, space.
  var isBlank: Bool { self == 0x20 || self == 0x09 || (self >= 0x0B && self <= 0x0D) }
  /// A blank or a newline.
  var isSpace: Bool { self == 0x20 || (self >= 0x09 && self <= 0x0D) }
  var isDigit: Bool { self >= 0x30 && self <= 0x39 }
  var isLetter: Bool { (self | 0x20) >= 0x61 && (self | 0x20) <= 0x7A }
}

extension Array<UInt8> {
  /// `range` without Unicode white space at its ends.
  func trimmed(_ range: Range<Int>) -> Range<Int> {
    let start = skippingSpace(range)
    var end = range.upperBound
    while end > start {
      if self[end - 1].isSpace {
        end -= 1
        continue
      }
      guard self[end - 1] >= 0x80, let width = spaceWidth(endingAt: end, from: start) else { break }
      end -= width
    }
    return start..<end
  }

  /// The first byte of `range` that is not Unicode white space.
  func skippingSpace(_ range: Range<Int>) -> Int {
    var start = range.lowerBound
    while start < range.upperBound {
      if self[start].isSpace {
        start += 1
        continue
      }
      guard self[start] >= 0x80, let width = spaceWidth(at: start, before: range.upperBound) else { break }
      start += width
    }
    return start
  }

  /// How many bytes the white space character beyond ASCII at `index` takes; nil where none stands there.
  func spaceWidth(at index: Int, before end: Int) -> Int? {
    if self[index] == 0xC2, index + 1 < end, self[index + 1] == 0x85 || self[index + 1] == 0xA0 { return 2 }
    guard index + 2 < end else { return nil }
    switch (self[index], self[index + 1], self[index + 2]) {
    case (0xE1, 0x9A, 0x80), (0xE3, 0x80, 0x80), (0xE2, 0x81, 0x9F): return 3
    case (0xE2, 0x80, let last) where (0x80...0x8A).contains(last) || last == 0xA8 || last == 0xA9 || last == 0xAF: return 3
    default: return nil
    }
  }

  private func spaceWidth(endingAt end: Int, from start: Int) -> Int? {
    for width in 2...3 where end - width >= start && spaceWidth(at: end - width, before: end) == width { return width }
    return nil
  }

  func text(_ range: Range<Int>) -> String { String(decoding: self[range], as: UTF8.self) }
}
