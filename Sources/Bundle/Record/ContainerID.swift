/// 64 hexadecimal digits that name a container; never all digits in the first 12, so that a short id is no number (docker's rule).
package func newContainerID() -> String {
  var generator = SystemRandomNumberGenerator()
  while true {
    let id = (0..<4).map { _ in hexadecimal(generator.next(), width: 16) }.joined()
    if !id.utf8.prefix(12).allSatisfy(isDigit) { return id }
  }
}

/// What docker shows of an id: its first 12 digits, without an algorithm's name.
package func shortID(_ id: String) -> String {
  String((id.hasPrefix("sha256:") ? id.dropFirst(7) : id[...]).prefix(12))
}
