/// `--chmod`: the mode itself in octal, or chmod(1)'s symbolic changes.
struct ModeChange: Hashable, Sendable {
  private enum Operator: Character { case add = "+", remove = "-", set = "=" }

  private struct Clause: Hashable {
    /// `u` 4, `g` 2, `o` 1.
    var who: UInt32
    var operation: Operator
    /// Letters of `rwxXst`, or one of `ugo` to copy from.
    var what: String
  }

  let text: String
  /// The whole mode where it is given in octal.
  let octal: UInt32?
  private var clauses: [Clause] = []

  init(_ text: String) throws(BuildError) {
    self.text = text
    if let first = text.utf8.first, (48...57).contains(first) {
      guard let mode = UInt32(text, radix: 8), mode <= 0o7777 else {
        throw BuildError("--chmod='\(text)': expected an octal number up to 7777")
      }
      octal = mode
      return
    }
    octal = nil
    for part in text.split(separator: ",", omittingEmptySubsequences: false) {
      guard let parsed = Self.parse(part) else {
        throw BuildError("--chmod='\(text)': expected an octal number or changes such as u=rwX,go=rX")
      }
      clauses += parsed
    }
  }

  private static func parse(_ text: Substring) -> [Clause]? {
    var rest = text
    var who: UInt32 = 0
    while let letter = rest.first, let bit = ["u": 4, "g": 2, "o": 1, "a": 7][letter] as UInt32? {
      who |= bit
      rest.removeFirst()
    }
    var clauses: [Clause] = []
    while let operation = rest.first.flatMap(Operator.init) {
      rest.removeFirst()
      let what = rest.prefix { "rwxXstugo".contains($0) }
      let copies = what.contains { "ugo".contains($0) }
      if copies, what.count != 1 { return nil }
      clauses.append(Clause(who: who == 0 ? 7 : who, operation: operation, what: String(what)))
      rest = rest.dropFirst(what.count)
    }
    return rest.isEmpty && !clauses.isEmpty ? clauses : nil
  }

  func applied(to mode: UInt32, isDirectory: Bool) -> UInt32 {
    if let octal { return octal }
    return clauses.reduce(mode) { Self.apply($1, $0, isDirectory) }
  }

  private static func apply(_ clause: Clause, _ mode: UInt32, _ isDirectory: Bool) -> UInt32 {
    var bits: UInt32 = 0
    var special: UInt32 = 0
    for letter in clause.what {
      switch letter {
      case "r": bits |= 4
      case "w": bits |= 2
      case "x": bits |= 1
      case "X": if isDirectory || mode & 0o111 != 0 { bits |= 1 }
      case "s": special |= (clause.who & 4 != 0 ? 0o4000 : 0) | (clause.who & 2 != 0 ? 0o2000 : 0)
      case "t": special |= 0o1000
      case "u": bits = mode >> 6 & 7
      case "g": bits = mode >> 3 & 7
      default: bits = mode & 7
      }
    }
    var mask: UInt32 = 0
    for (bit, shift) in [(4, 6), (2, 3), (1, 0)] as [(UInt32, UInt32)] where clause.who & bit != 0 { mask |= 7 << shift }
    let value = (bits << 6 | bits << 3 | bits) & mask
    switch clause.operation {
    case .add: return mode | value | special
    case .remove: return mode & ~(value | special)
    case .set:
      var kept = mode & ~mask
      if clause.who & 4 != 0 { kept &= ~0o4000 }
      if clause.who & 2 != 0 { kept &= ~0o2000 }
      return kept | value | special
    }
  }
}
