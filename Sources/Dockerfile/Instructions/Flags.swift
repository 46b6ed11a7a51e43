/// The `--name=value` flags of one instruction, checked against those it knows.
struct Flags {
  enum Kind { case bool, string, strings }

  private var values: [String: [Piece]] = [:]

  init(_ node: SyntaxNode, _ known: KeyValuePairs<String, Kind>, _ context: InstructionContext) throws(DockerfileError) {
    for flag in node.flags {
      let equals = flag.text.utf8.firstIndex(of: Byte.equals)
      let full = String(flag.text[..<(equals ?? flag.text.endIndex)])
      let name = String(full.dropFirst(2))
      var value = equals.map { String(flag.text[flag.text.utf8.index(after: $0)...]) }
      guard let kind = known.first(where: { $0.key == name })?.value else {
        throw context.fault(
          "unknown flag '\(full)' for \(node.keyword.text.uppercased())",
          suggestion: suggest(name, among: known.map(\.key)).map { "--" + $0 },
          at: flag)
      }
      if values[name] != nil, kind != .strings { throw context.fault("flag '\(full)' given twice", at: flag) }
      if kind == .bool {
        switch value?.lowercased() {
        case nil, "true": value = "true"
        case "false": value = "false"
        case "": throw context.fault("missing a value on flag '\(full)', expected true or false", at: flag)
        default: throw context.fault("flag '\(full)' is '\(value ?? "")', expected true or false", at: flag)
        }
      }
      guard let value else { throw context.fault("missing a value on flag '\(full)', expected \(full)=VALUE", at: flag) }
      values[name, default: []].append(Piece(text: value, source: flag.source))
    }
  }

  func bool(_ name: String) -> Bool? { values[name]?.first.map { $0.text == "true" } }
  func string(_ name: String) -> String? { values[name]?.first?.text }
  func piece(_ name: String) -> Piece? { values[name]?.first }
  func pieces(_ name: String) -> [Piece] { values[name] ?? [] }
  func strings(_ name: String) -> [String] { pieces(name).map(\.text) }
}

/// The option nearest to a misspelt word, at most two edits away; nil where none is, or where the word is one of them.
func suggest(_ word: String, among options: [String], ignoringCase: Bool = false) -> String? {
  let word = Array((ignoringCase ? word.uppercased() : word).unicodeScalars)
  guard word.count < 64 else { return nil }
  var best: (option: String, distance: Int)?
  for option in options {
    let distance = editDistance(word, Array(option.unicodeScalars))
    if distance == 0 { return nil }
    if distance < best?.distance ?? 3 { best = (option, distance) }
  }
  return best?.option
}

/// Edits between two words: a letter more, less or other, or two neighbours swapped (optimal string alignment).
private func editDistance(_ a: [Unicode.Scalar], _ b: [Unicode.Scalar]) -> Int {
  var rows = [Array(0...b.count)]
  for i in a.indices {
    var row = [i + 1]
    for j in b.indices {
      var best = min(rows[i][j] + (a[i] == b[j] ? 0 : 1), rows[i][j + 1] + 1, row[j] + 1)
      if i > 0, j > 0, a[i] == b[j - 1], a[i - 1] == b[j] { best = min(best, rows[i - 1][j - 1] + 1) }
      row.append(best)
    }
    rows.append(row)
  }
  return rows[a.count][b.count]
}
