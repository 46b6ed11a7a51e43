/// Finds the words `<<NAME`, `<<-NAME`, `3<<NAME` and `<<"NAME"` in a line.
enum HeredocWord {
  /// The here-documents that a line announces, bodies still empty. A line that the shell's quoting rules cannot split has none.
  static func find(
    in line: String, or fault: (String) -> DockerfileError
  ) throws(DockerfileError) -> [Heredoc] {
    var expander = WordExpander()
    expander.keepsQuotes = true
    expander.keepsEscapes = true
    expander.keepsUnset = true
    var found: [Heredoc] = []
    let words: [String]
    do throws(WordExpansionError) { words = try expander.expand(line, { _ in nil }).words } catch { return [] }
    for word in words {
      do throws(WordExpansionError) { if let heredoc = try parse(word) { found.append(heredoc) } } catch { throw fault(error.message) }
    }
    return found
  }

  /// One word; nil where it announces no here-document.
  static func parse(_ word: String) throws(WordExpansionError) -> Heredoc? {
    var rest = Substring(word).utf8
    let digits = rest.prefix { $0.isDigit }
    rest = rest.dropFirst(digits.count)
    guard rest.starts(with: "<<".utf8) else { return nil }
    rest = rest.dropFirst(2)
    let stripsTabs = rest.first == Byte.dash
    if stripsTabs { rest = rest.dropFirst() }
    rest = rest.drop { $0.isSpace && $0 != 0x0B }
    guard !rest.isEmpty, !rest.contains(Byte.less) else { return nil }
    var expander = WordExpander()
    expander.keepsUnset = true
    let text = String(Substring(rest))
    let plain = try expander.expand(text, { _ in nil }).words
    guard plain.count == 1 else { return nil }
    expander.keepsQuotes = true
    let raw = try expander.expand(text, { _ in nil }).words
    guard raw.count == 1 else { throw WordExpansionError("'\(text)' is no single heredoc name") }
    return Heredoc(
      name: plain[0], body: "", expand: quotes(plain[0]) == quotes(raw[0]), stripsTabs: stripsTabs,
      fileDescriptor: Int(String(Substring(digits))) ?? 0)
  }

  private static func quotes(_ text: String) -> Int {
    text.utf8.count { $0 == Byte.singleQuote || $0 == Byte.doubleQuote }
  }
}
