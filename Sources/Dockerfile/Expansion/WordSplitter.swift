/// Splits what an expansion yields at white space outside quotes.
struct WordSplitter {
  private var words: [String] = []
  private var inWord = false

  /// Adds text that may hold separators.
  mutating func add(_ text: some RandomAccessCollection<UInt8>, to word: inout [UInt8]) {
    let text = Array(text)
    var index = 0
    while index < text.count {
      let space = text[index].isSpace ? 1 : text[index] >= 0x80 ? text.spaceWidth(at: index, before: text.count) : nil
      if let space {
        if inWord, !word.isEmpty {
          words.append(String(decoding: word, as: UTF8.self))
          word.removeAll(keepingCapacity: true)
          inWord = false
        }
        index += space
      } else {
        word.append(text[index])
        inWord = true
        index += 1
      }
    }
  }

  /// Adds text that was quoted or escaped.
  mutating func addRaw(_ text: some Collection<UInt8>, to word: inout [UInt8]) {
    word += text
    inWord = true
  }

  mutating func finish(_ word: inout [UInt8]) -> [String] {
    if !word.isEmpty {
      words.append(String(decoding: word, as: UTF8.self))
      word.removeAll(keepingCapacity: true)
      inWord = false
    }
    return words
  }
}
