/// An instruction before its meaning is looked at: what BuildKit's parser, too, knows of a line.
struct SyntaxNode {
  var keyword: Piece
  /// `--name=value` words, quotes and escapes removed.
  var flags: [Piece] = []
  /// The arguments as the instruction's grammar splits them. ENV and LABEL: triples of name, value and `=` (or nothing in the legacy form).
  var arguments: [Piece] = []
  /// Whether the arguments were a JSON array of strings.
  var isJSON = false
  var heredocs: [HeredocPiece] = []
  /// The instruction that follows ONBUILD; one element at most.
  var trigger: [SyntaxNode] = []
  /// The line without its continuations, as it was written.
  var line: String = ""
  /// From the keyword to the end of the last line, here-documents included, without the last line's end.
  var source: Range<Int>
  /// From the end of what stands before to ``source``: comments and blank lines.
  var above: Range<Int>
  /// Comment lines between continuation lines.
  var innerComments: [Range<Int>] = []
  /// The first blank line between continuation lines, from 1.
  var emptyContinuation: Int?
}

struct HeredocPiece {
  var heredoc: Heredoc
  var body: Range<Int>
  var terminator: Range<Int>
}
