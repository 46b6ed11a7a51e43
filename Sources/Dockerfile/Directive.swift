/// A parser directive, `# name=value` at the very top.
package struct Directive: Hashable, Sendable {
  /// `syntax`, `escape` or `check`.
  package var name: String
  package var value: String
  package var range: SourceRange?

  package init(name: String, value: String, range: SourceRange? = nil) {
    self.name = name
    self.value = value
    self.range = range
  }

  static let names = ["syntax", "escape", "check"]
}
