extension LineParser {
  /// Words as ENV, LABEL and ARG see them: separated by white space outside quotes; quotes and escapes stay in.
  func wordRanges(_ range: Range<Int>) -> [Range<Int>] {
    let bytes = line.bytes
    var words: [Range<Int>] = []
    var index = bytes.skippingSpace(range)
    while index < range.upperBound {
      let end = endOfWord(index, before: range.upperBound)
      // An escape character that ends the line is dropped.
      let kept = end.droppedEscape ? end.index - 1 : end.index
      if kept > index { words.append(index..<kept) }
      index = bytes.skippingSpace(end.index..<range.upperBound)
    }
    return words
  }

  private func endOfWord(_ start: Int, before end: Int) -> (index: Int, droppedEscape: Bool) {
    let bytes = line.bytes
    var index = start
    var quote: UInt8?
    while index < end {
      let byte = bytes[index]
      if byte == escape.byte, quote != Byte.singleQuote {
        if index + 1 == end { return (end, true) }
        index += 1 + bytes.characterWidth(at: index + 1)
        continue
      }
      if byte == quote {
        quote = nil
      } else if quote == nil {
        if byte.isSpace || (byte >= 0x80 && bytes.spaceWidth(at: index, before: end) != nil) { return (index, false) }
        if byte == Byte.singleQuote || byte == Byte.doubleQuote { quote = byte }
      }
      index += 1
    }
    return (end, false)
  }

  /// Reads the `--name=value` words that stand first, quotes and escapes removed; `--` ends them. Returns what follows.
  func readFlags(_ range: Range<Int>, into node: inout SyntaxNode) -> Range<Int> {
    let bytes = line.bytes
    var index = range.lowerBound
    while true {
      while index < range.upperBound, bytes[index].isSpace { index += 1 }
      guard index + 1 < range.upperBound, bytes[index] == Byte.dash, bytes[index + 1] == Byte.dash else {
        return index..<range.upperBound
      }
      let start = index
      let word = readFlag(&index, before: range.upperBound)
      if word.elementsEqual("--".utf8) { return index..<range.upperBound }
      node.flags.append(Piece(text: String(decoding: word, as: UTF8.self), source: line.source(start..<index)))
    }
  }

  private func readFlag(_ index: inout Int, before end: Int) -> [UInt8] {
    let bytes = line.bytes
    var word: [UInt8] = []
    var quote: UInt8?
    while index < end {
      let byte = bytes[index]
      if byte == quote {
        quote = nil
      } else if byte == escape.byte {
        index += 1
        if index < end { word.append(bytes[index]) }
      } else if quote == nil, byte == Byte.singleQuote || byte == Byte.doubleQuote {
        quote = byte
      } else if quote == nil, byte.isSpace {
        return word
      } else {
        word.append(byte)
      }
      index += 1
    }
    index = end
    return word
  }
}
