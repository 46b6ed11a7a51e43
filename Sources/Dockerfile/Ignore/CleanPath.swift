/// The shortest path that means the same, by its letters alone, as Go's path.Clean: no `//`, no `.`, `..` undone where it can be.
package func cleanPath(_ path: [UInt8]) -> [UInt8] {
  let isRooted = path.first == Byte.slash
  var components: [ArraySlice<UInt8>] = []
  for component in path.split(separator: Byte.slash) where !component.elementsEqual(".".utf8) {
    guard component.elementsEqual("..".utf8) else {
      components.append(component)
      continue
    }
    if let last = components.last, !last.elementsEqual("..".utf8) {
      components.removeLast()
    } else if !isRooted {
      components.append(component)
    }
  }
  let cleaned = (isRooted ? [Byte.slash] : []) + components.joined(separator: [Byte.slash])
  return cleaned.isEmpty ? Array(".".utf8) : Array(cleaned)
}
