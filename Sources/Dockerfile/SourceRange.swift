/// A place in a Dockerfile. Kept in 32 bits each: a long file has millions of them, and none is as long as 2 GiB.
package struct SourcePosition: Hashable, Sendable {
  private var lineNumber: Int32
  private var columnNumber: Int32
  private var byteOffset: Int32

  /// From 1.
  package var line: Int { Int(lineNumber) }
  /// From 1, in bytes from the start of the line, as compilers count.
  package var column: Int { Int(columnNumber) }
  /// From 0, in bytes from the start of the file; a byte order mark counts.
  package var offset: Int { Int(byteOffset) }

  package init(line: Int, column: Int, offset: Int) {
    lineNumber = Int32(clamping: line)
    columnNumber = Int32(clamping: column)
    byteOffset = Int32(clamping: offset)
  }
}

/// A stretch of a Dockerfile; `end` is the position after its last byte.
package struct SourceRange: Hashable, Sendable {
  package var start: SourcePosition
  package var end: SourcePosition

  package init(start: SourcePosition, end: SourcePosition) {
    self.start = start
    self.end = end
  }

  /// `7`, or `7-9` for several lines.
  package var lines: ClosedRange<Int> { start.line...max(start.line, end.column == 1 && end.line > start.line ? end.line - 1 : end.line) }
}

/// Where each line of a file begins, to turn byte offsets into lines and columns.
struct LineTable: Sendable {
  /// The offset of each line's first byte, ascending; never empty.
  var starts: [Int] = [0]

  func position(_ offset: Int) -> SourcePosition {
    var low = 0
    var high = starts.count
    // What is asked for is mostly among the lines just read.
    let recent = max(0, high - 8)
    if starts[recent] <= offset {
      low = high - 1
      while starts[low] > offset { low -= 1 }
      high = low + 1
    }
    while high - low > 1 {
      let middle = (low + high) / 2
      if starts[middle] <= offset { low = middle } else { high = middle }
    }
    return SourcePosition(line: low + 1, column: offset - starts[low] + 1, offset: offset)
  }

  func range(_ offsets: Range<Int>) -> SourceRange {
    let start = position(offsets.lowerBound)
    let next = start.line < starts.count ? starts[start.line] : .max
    guard offsets.upperBound < next else { return SourceRange(start: start, end: position(offsets.upperBound)) }
    let length = offsets.upperBound - offsets.lowerBound
    return SourceRange(
      start: start, end: SourcePosition(line: start.line, column: start.column + length, offset: offsets.upperBound))
  }
}
