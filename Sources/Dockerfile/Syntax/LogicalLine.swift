/// An instruction's line with its continuation lines joined, and the way back to the source.
struct LogicalLine {
  /// The whole source where the line is one physical line, else the joined text.
  let bytes: [UInt8]
  /// The line within ``bytes``.
  let range: Range<Int>
  /// Where each joined piece begins, in ``bytes`` and in the source; empty where both are the same.
  let pieces: [(start: Int, source: Int)]

  /// Where a stretch of ``bytes`` stands in the source.
  func source(_ range: Range<Int>) -> Range<Int> {
    if pieces.isEmpty { return range }
    let start = offset(range.lowerBound)
    return start..<(range.isEmpty ? start : max(start, offset(range.upperBound - 1) + 1))
  }

  private func offset(_ index: Int) -> Int {
    var low = 0
    var high = pieces.count
    while high - low > 1 {
      let middle = (low + high) / 2
      if pieces[middle].start <= index { low = middle } else { high = middle }
    }
    return pieces[low].source + index - pieces[low].start
  }

  func piece(_ range: Range<Int>) -> Piece { Piece(text: bytes.text(range), source: source(range)) }
}

/// A word of an instruction and where it stands in the source.
struct Piece: Equatable {
  var text: String
  var source: Range<Int>
}
