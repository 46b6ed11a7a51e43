/// An instruction before its meaning is looked at: what BuildKit's parser, too, knows of a line.
struct SyntaxNode {
  /// The first word, as written.
  var keyword = Piece(text: "", source: 0..<0)
  /// The instruction that the word names; nil where it names none.
  var name: InstructionName?
  /// `--name=value` words, quotes and escapes removed.
  var flags: [Piece] = []
  /// The arguments as the instruction's grammar splits them. ENV and LABEL: triples of name, value and `=` (or nothing in the legacy form).
  var arguments: [Piece] = []
  /// Whether the arguments were a JSON array of strings.
  var isJSON = false
  var heredocs: [HeredocPiece] = []
  /// The instruction that follows ONBUILD; one element at most.
  var trigger: [SyntaxNode] = []
  /// After ONBUILD: the rest of the line without its continuations, blanks at its end included.
  var line = ""
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

/// The instructions.
enum InstructionName: String, CaseIterable {
  case add = "ADD"
  case arg = "ARG"
  case cmd = "CMD"
  case copy = "COPY"
  case entrypoint = "ENTRYPOINT"
  case env = "ENV"
  case expose = "EXPOSE"
  case from = "FROM"
  case healthcheck = "HEALTHCHECK"
  case label = "LABEL"
  case maintainer = "MAINTAINER"
  case onbuild = "ONBUILD"
  case run = "RUN"
  case shell = "SHELL"
  case stopsignal = "STOPSIGNAL"
  case user = "USER"
  case volume = "VOLUME"
  case workdir = "WORKDIR"

  /// Every name with its bytes in small letters.
  private static let known: [(name: InstructionName, letters: [UInt8])] = allCases.map { ($0, Array($0.rawValue.lowercased().utf8)) }

  /// A word in any case.
  init?(_ word: ArraySlice<UInt8>) {
    for (name, letters) in Self.known where letters.count == word.count {
      if zip(word, letters).allSatisfy({ $0 | 0x20 == $1 && $0.isLetter }) {
        self = name
        return
      }
    }
    return nil
  }
}
