/// What is wrong with a TOML document, and in which line.
package struct TOMLError: Error, Hashable, CustomStringConvertible {
  /// From 1 on.
  package let line: Int
  package let reason: String

  package init(line: Int, reason: String) {
    self.line = line
    self.reason = reason
  }

  package var description: String { "line \(line): \(reason)" }
}
