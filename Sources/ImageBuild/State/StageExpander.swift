internal import Dockerfile

/// Expands words for one instruction: all of its words see the environment as it was before it.
struct StageExpander {
  private let expander: WordExpander
  private let environment: EnvironmentList

  init(_ escape: EscapeCharacter, _ environment: EnvironmentList) {
    expander = WordExpander(escape: escape)
    self.environment = environment
  }

  func callAsFunction(_ word: String) throws(BuildError) -> String { try expand(word, expander).result }

  /// The word split at white space after expansion.
  func words(_ word: String) throws(BuildError) -> [String] { try expand(word, expander).words }

  /// For the body of a here-document: quotes stay.
  func body(_ text: String) throws(BuildError) -> String {
    var expander = expander
    expander.keepsQuotes = true
    return try expand(text, expander).result
  }

  /// For ``Mount/resolved(expanding:)``.
  func mountValue(_ word: String) throws(WordExpansionError) -> String { try expander.expand(word) { environment[$0] }.result }

  private func expand(_ text: String, _ expander: WordExpander) throws(BuildError) -> WordExpander.Expansion {
    do throws(WordExpansionError) { return try expander.expand(text) { environment[$0] } } catch { throw BuildError(error.message) }
  }
}
