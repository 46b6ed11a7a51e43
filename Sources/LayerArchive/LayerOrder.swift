/// The one order of a layer's entries: a directory before what is in it; in each directory the opaque marker, then whiteouts, then
/// all else; each group bytewise by name.
///
/// Whiteouts come first because a reader that applies entry by entry must not delete what the same layer adds.
func precedesInLayer(_ a: BytePath, _ b: BytePath) -> Bool {
  var i = a.bytes.startIndex
  var j = b.bytes.startIndex
  while true {
    if i >= a.bytes.endIndex { return j < b.bytes.endIndex }
    if j >= b.bytes.endIndex { return false }
    let x = a.bytes[i...].prefix { $0 != slash }
    let y = b.bytes[j...].prefix { $0 != slash }
    if !x.elementsEqual(y) {
      let ranks = (rank(x), rank(y))
      return ranks.0 == ranks.1 ? x.lexicographicallyPrecedes(y) : ranks.0 < ranks.1
    }
    i = x.endIndex + 1
    j = y.endIndex + 1
  }
}

private func rank(_ name: ArraySlice<UInt8>) -> Int {
  guard name.starts(with: Whiteout.prefix) else { return 2 }
  return name.elementsEqual(Whiteout.opaque) ? 0 : 1
}
