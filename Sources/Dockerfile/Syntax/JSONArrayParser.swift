/// Reads the JSON array of an exec form, strictly (RFC 8259), and keeps where each string stands. It is not the JSON module's
/// parser, since text that is no JSON is no error here but a shell form, and since the words need their places.
struct JSONArrayParser {
  let bytes: [UInt8]
  private let end: Int
  private var index: Int
  private(set) var strings: [(text: String, range: Range<Int>)] = []
  private(set) var firstThatIsNoString: Range<Int>?

  init(bytes: [UInt8], range: Range<Int>) {
    self.bytes = bytes
    index = range.lowerBound
    end = range.upperBound
  }

  /// False where the text is no JSON array.
  mutating func parse() -> Bool {
    guard take(Byte.leftBracket) else { return false }
    skipSpace()
    if !take(Byte.rightBracket) {
      repeat {
        skipSpace()
        let start = index
        if index < end, bytes[index] == Byte.doubleQuote {
          guard let text = readString() else { return false }
          strings.append((text, start..<index))
        } else {
          guard skipValue(depth: 0) else { return false }
          if firstThatIsNoString == nil { firstThatIsNoString = start..<index }
        }
        skipSpace()
      } while take(Byte.comma)
      guard take(Byte.rightBracket) else { return false }
    }
    skipSpace()
    return index == end
  }

  private mutating func take(_ byte: UInt8) -> Bool {
    guard index < end, bytes[index] == byte else { return false }
    index += 1
    return true
  }

  private mutating func skipSpace() {
    while index < end, bytes[index] == 0x20 || bytes[index] == 0x09 || bytes[index] == 0x0A || bytes[index] == 0x0D { index += 1 }
  }

  private mutating func readString() -> String? {
    index += 1
    var text: [UInt8] = []
    while index < end {
      let byte = bytes[index]
      index += 1
      if byte == Byte.doubleQuote { return String(decoding: text, as: UTF8.self) }
      if byte < 0x20 { return nil }
      guard byte == Byte.backslash else {
        text.append(byte)
        continue
      }
      guard index < end else { return nil }
      let escaped = bytes[index]
      index += 1
      switch escaped {
      case UInt8(ascii: "n"): text.append(0x0A)
      case UInt8(ascii: "t"): text.append(0x09)
      case UInt8(ascii: "r"): text.append(0x0D)
      case UInt8(ascii: "b"): text.append(0x08)
      case UInt8(ascii: "f"): text.append(0x0C)
      case Byte.doubleQuote, Byte.backslash, Byte.slash: text.append(escaped)
      case UInt8(ascii: "u"):
        guard let scalar = readUnicodeEscape() else { return nil }
        text += String(Character(scalar)).utf8
      default: return nil
      }
    }
    return nil
  }

  /// Four digits, and a second escape where they are the first half of a surrogate pair; half a pair is U+FFFD.
  private mutating func readUnicodeEscape() -> Unicode.Scalar? {
    guard let high = readHex() else { return nil }
    if (0xD800..<0xDC00).contains(high), index + 1 < end, bytes[index] == Byte.backslash, bytes[index + 1] == UInt8(ascii: "u") {
      let mark = index
      index += 2
      guard let low = readHex() else { return nil }
      if (0xDC00..<0xE000).contains(low) { return Unicode.Scalar(0x10000 + ((high - 0xD800) << 10) + (low - 0xDC00)) }
      index = mark
    }
    return Unicode.Scalar(high) ?? "\u{FFFD}"
  }

  private mutating func readHex() -> UInt32? {
    guard index + 4 <= end else { return nil }
    var value: UInt32 = 0
    for byte in bytes[index..<index + 4] {
      switch byte {
      case 0x30...0x39: value = value << 4 | UInt32(byte - 0x30)
      case 0x41...0x46: value = value << 4 | UInt32(byte - 0x37)
      case 0x61...0x66: value = value << 4 | UInt32(byte - 0x57)
      default: return nil
      }
    }
    index += 4
    return value
  }

  private mutating func skipValue(depth: Int) -> Bool {
    guard index < end, depth < 500 else { return false }
    switch bytes[index] {
    case Byte.doubleQuote: return readString() != nil
    case Byte.leftBracket: return skipList(Byte.rightBracket, depth: depth, hasKeys: false)
    case UInt8(ascii: "{"): return skipList(UInt8(ascii: "}"), depth: depth, hasKeys: true)
    case UInt8(ascii: "t"): return skipWord("true")
    case UInt8(ascii: "f"): return skipWord("false")
    case UInt8(ascii: "n"): return skipWord("null")
    default: return skipNumber()
    }
  }

  private mutating func skipList(_ close: UInt8, depth: Int, hasKeys: Bool) -> Bool {
    index += 1
    skipSpace()
    if take(close) { return true }
    repeat {
      skipSpace()
      if hasKeys {
        guard index < end, bytes[index] == Byte.doubleQuote, readString() != nil else { return false }
        skipSpace()
        guard take(UInt8(ascii: ":")) else { return false }
        skipSpace()
      }
      guard skipValue(depth: depth + 1) else { return false }
      skipSpace()
    } while take(Byte.comma)
    return take(close)
  }

  private mutating func skipWord(_ word: StaticString) -> Bool {
    let word = word.description.utf8
    guard bytes[index..<end].starts(with: word) else { return false }
    index += word.count
    return true
  }

  private mutating func skipDigits() -> Bool {
    let start = index
    while index < end, bytes[index].isDigit { index += 1 }
    return index > start
  }

  private mutating func skipNumber() -> Bool {
    _ = take(Byte.dash)
    let zero = index < end && bytes[index] == 0x30
    if zero { index += 1 } else if !skipDigits() { return false }
    if take(UInt8(ascii: ".")), !skipDigits() { return false }
    if take(UInt8(ascii: "e")) || take(UInt8(ascii: "E")) {
      if !take(UInt8(ascii: "+")) { _ = take(Byte.dash) }
      return skipDigits()
    }
    return true
  }
}
