import JSON
import Testing

@testable import Dockerfile

/// BuildKit's vectors of variable expansion.
@Suite struct ExpansionTests {
  static let cases: [JSONValue] = (try? Corpus.jsonLines("shell/lex_cases.jsonl")) ?? []

  @Test(.enabled(if: Corpus.isPresent, Corpus.absent), arguments: cases.indices)
  func expandsAsBuildKit(_ index: Int) throws {
    let vector = Self.cases[index]
    var expander = WordExpander(escape: EscapeCharacter(rawValue: vector["escape"]?.stringValue ?? "") ?? .backslash)
    expander.keepsQuotes = vector["raw_quotes"]?.boolValue ?? false
    expander.keepsEscapes = vector["raw_escapes"]?.boolValue ?? false
    expander.ignoresQuotes = vector["skip_process_quotes"]?.boolValue ?? false
    expander.keepsUnset = vector["skip_unset_env"]?.boolValue ?? false
    let environment = vector["env"]
    let input = vector["input"]?.stringValue ?? ""
    do throws(WordExpansionError) {
      let expansion = try expander.expand(input) { environment?[$0]?.stringValue }
      #expect(vector["error"]?.stringValue == "", "\(input)")
      #expect(expansion.result == vector["result"]?.stringValue, "\(input)")
      #expect(expansion.words == (vector["words"]?.arrayValue ?? []).compactMap(\.stringValue), "\(input)")
      if vector["capture"]?.boolValue == true {
        #expect(expansion.used.sorted() == (vector["matched"]?.arrayValue ?? []).compactMap(\.stringValue).sorted(), "\(input)")
        #expect(expansion.unset.sorted() == (vector["unmatched"]?.arrayValue ?? []).compactMap(\.stringValue).sorted(), "\(input)")
      }
    } catch {
      #expect(error.message == vector["error"]?.stringValue, "\(input)")
    }
  }

  @Test func nestingIsBounded() throws {
    let deep = String(repeating: "${x:-", count: 100_000)
    #expect(throws: WordExpansionError.self) { try WordExpander().expand(deep) { _ in nil } }
  }
}
