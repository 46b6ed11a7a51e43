/// A text that names no image. The reasons are worded as Docker words them.
package struct ReferenceError: Error, Hashable, Sendable {
  package enum Reason: Hashable, Sendable {
    case noName, grammar, tag, tooLong, identifier
    /// The repository, completed.
    case uppercase(String)
    case digest(String)
  }

  /// What was typed.
  package let text: String
  package let reason: Reason

  init(_ text: String, _ reason: Reason) {
    self.text = text
    self.reason = reason
  }
}

extension ReferenceError: CustomStringConvertible {
  package var description: String { "'\(text)': \(message)" }

  /// The reason without what was typed.
  package var message: String {
    switch reason {
    case .noName: "invalid reference format: repository name must have at least one component"
    case .grammar: "invalid reference format"
    case .tag: "invalid tag format"
    case .tooLong:
      "invalid reference format: repository name must not be more than \(ReferenceGrammar.pathLimit) characters"
    case .identifier: "invalid repository name (\(text)), cannot specify 64-byte hexadecimal strings"
    case .uppercase(let name): "invalid reference format: repository name (\(name)) must be lowercase"
    case .digest(let digest): "invalid reference format: '\(digest)' is not a sha256 or sha512 digest"
    }
  }
}
