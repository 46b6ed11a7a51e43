/// Aligns text whose cells end in tabs, by the rules of Go's text/tabwriter as docker sets it up: a column is a run of adjacent
/// lines that have a cell there, as wide as its widest cell plus 3 spaces and at least 10; what follows a line's last tab is as it is.
package func alignColumns(_ text: String, minimumWidth: Int = 10, padding: Int = 3) -> String {
  var lines = text.split(separator: "\n", omittingEmptySubsequences: false).map { line in
    line.split(separator: "\t", omittingEmptySubsequences: false).map(String.init)
  }
  let deepest = lines.map(\.count).max() ?? 0
  for column in 0..<max(0, deepest - 1) {
    var start = 0
    while start < lines.count {
      guard lines[start].count > column + 1 else {
        start += 1
        continue
      }
      var end = start
      while end < lines.count, lines[end].count > column + 1 { end += 1 }
      let columnWidth = max(minimumWidth, (lines[start..<end].map { width(of: $0[column]) }.max() ?? 0) + padding)
      for line in start..<end {
        lines[line][column] += String(repeating: " ", count: columnWidth - width(of: lines[line][column]))
      }
      start = end
    }
  }
  return lines.map { $0.joined() }.joined(separator: "\n")
}

private func width(of cell: String) -> Int { cell.unicodeScalars.count }
