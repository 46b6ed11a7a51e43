/// Levenshtein distance in Unicode scalars, for "did you mean".
package func editDistance(_ a: String, _ b: String) -> Int {
  let b = Array(b.unicodeScalars)
  var row = Array(0...b.count)
  for (i, x) in a.unicodeScalars.enumerated() {
    var diagonal = row[0]
    row[0] = i + 1
    for j in b.indices {
      let substituted = diagonal + (x == b[j] ? 0 : 1)
      diagonal = row[j + 1]
      row[j + 1] = min(substituted, row[j] + 1, row[j + 1] + 1)
    }
  }
  return row[b.count]
}
