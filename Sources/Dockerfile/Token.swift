/// A piece of an instruction and where it stands. Its text is the source between the two positions.
package struct Token: Hashable, Sendable {
  package enum Kind: String, CaseIterable, Sendable {
    /// The instruction's name.
    case keyword
    /// A whole `--name=value`.
    case flag
    /// An argument: a word, an element of a JSON array, or the whole text of a shell form.
    case argument
    /// The name of a `name=value` pair.
    case name
    /// The value of a `name=value` pair, quotes included.
    case value
    /// The body of a here-document.
    case heredoc
    /// The line that ends a here-document.
    case terminator
    /// A comment line, above the instruction or between its continuation lines.
    case comment
  }

  package var kind: Kind
  package var range: SourceRange

  package init(kind: Kind, range: SourceRange) {
    self.kind = kind
    self.range = range
  }
}
