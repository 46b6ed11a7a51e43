/// The first source line of a range, with a caret and tildes below what the range covers.
struct Excerpt {
  let text: String

  init?(source: [UInt8], range: SourceRange) {
    let start = range.start.offset - (range.start.column - 1)
    guard start >= 0, start <= source.count, range.start.offset <= source.count else { return nil }
    var line = source[start...].prefix { $0 != Byte.newline }
    while line.last == Byte.carriageReturn { line.removeLast() }
    if line.starts(with: [0xEF, 0xBB, 0xBF]) { line = line.dropFirst(3) }
    // Of a very long line only what stands near the fault.
    if range.start.offset - line.startIndex > 120 {
      line = line[(range.start.offset - 60)...].drop { $0 & 0xC0 == 0x80 }
    }
    line = line.prefix(240)
    let before = line[..<min(max(range.start.offset, line.startIndex), line.endIndex)]
    let covered = line[before.endIndex..<max(before.endIndex, min(range.end.offset, line.endIndex))]
    let tildes = max(0, String(decoding: covered, as: UTF8.self).unicodeScalars.count - 1)
    let indent = String(decoding: before, as: UTF8.self).unicodeScalars.map { $0 == "\t" ? "\t" : " " }.joined()
    let number = String(range.start.line)
    let shown = String(decoding: line.map { $0 < 0x20 && $0 != Byte.tab ? 0x3F : $0 }, as: UTF8.self)
    text = """
      \(number) | \(shown)
      \(String(repeating: " ", count: number.count)) | \(indent)^\(String(repeating: "~", count: tildes))
      """
  }
}
