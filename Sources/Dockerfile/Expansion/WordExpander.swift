/// Variable expansion and quote removal as the Dockerfile reference has them ("Environment replacement"): `$x ${x}`, the
/// modifiers `:- - :+ + :? ? # ## % %% / //`, quotes and the escape character. A value may be expanded many times; it keeps no state.
package struct WordExpander: Sendable {
  /// The `escape` directive's character.
  package var escape: EscapeCharacter
  /// Keeps the quotes, for text that a shell or a file will see (bodies of here-documents).
  package var keepsQuotes = false
  /// Keeps the escape characters.
  package var keepsEscapes = false
  /// Treats quotes as ordinary characters.
  package var ignoresQuotes = false
  /// Leaves variables that are not set as they are written.
  package var keepsUnset = false

  package init(escape: EscapeCharacter = .backslash) { self.escape = escape }

  /// What a word expands to.
  package struct Expansion: Hashable, Sendable {
    package var result: String
    /// The result split at white space outside quotes, after expansion.
    package var words: [String]
    /// The variables that were looked up and found, in order of first use.
    package var used: [String]
    /// The variables that were looked up and not found.
    package var unset: [String]
  }

  /// Expands one word or a text with several. `lookup` answers nil for a variable that is not set.
  package func expand(
    _ text: String, _ lookup: (String) -> String?
  ) throws(WordExpansionError) -> Expansion {
    if let plain = plainExpansion(text) { return plain }
    var run = ExpansionRun(Array(text.utf8), self)
    do throws(WordExpansionError) {
      let (result, words) = try run.expand(until: nil, keepsEscapes: keepsEscapes, lookup)
      return Expansion(result: String(decoding: result, as: UTF8.self), words: words, used: run.used, unset: run.unset)
    } catch {
      throw WordExpansionError("failed to process \(goQuoted(text)): \(error.message)")
    }
  }

  package func expand(_ text: String, _ environment: [String: String]) throws(WordExpansionError) -> Expansion {
    try expand(text) { environment[$0] }
  }

  /// Most words have nothing to expand.
  private func plainExpansion(_ text: String) -> Expansion? {
    for byte in text.utf8 {
      switch byte {
      case Byte.dollar, Byte.singleQuote, Byte.doubleQuote, Byte.less, escape.byte, 0x80...: return nil
      default: if byte.isSpace { return nil }
      }
    }
    return Expansion(result: text, words: text.isEmpty ? [] : [text], used: [], unset: [])
  }
}

/// A word that cannot be expanded, or a `${name:?message}` that failed.
package struct WordExpansionError: Error, Hashable, Sendable, CustomStringConvertible {
  package var message: String
  package init(_ message: String) { self.message = message }
  package var description: String { message }
}

/// The character that escapes and that continues lines.
package enum EscapeCharacter: String, Sendable {
  case backslash = "\\"
  case backtick = "`"

  package var byte: UInt8 { self == .backslash ? 0x5C : 0x60 }
}
