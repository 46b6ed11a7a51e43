/// What is wrong with a Dockerfile, and where.
package struct DockerfileError: Error, Hashable, Sendable {
  package var message: String
  /// What was probably meant, for a misspelt word.
  package var suggestion: String?
  /// nil where the fault has no place, as in a JSON document without ranges.
  package var range: SourceRange?

  package init(_ message: String, suggestion: String? = nil, range: SourceRange? = nil) {
    self.message = message
    self.suggestion = suggestion
    self.range = range
  }

  /// The message with its suggestion.
  package var text: String {
    guard let suggestion else { return message }
    return message + " (did you mean '\(suggestion)'?)"
  }

  /// `Dockerfile:7:3: message`, then the line and a caret below the fault.
  package func report(file: String, source: [UInt8]) -> String {
    guard let range else { return "\(file): \(text)" }
    let head = "\(file):\(range.start.line):\(range.start.column): \(text)"
    guard let excerpt = Excerpt(source: source, range: range) else { return head }
    return head + "\n" + excerpt.text
  }
}

/// Everything wrong with a Dockerfile, in the order in which BuildKit would meet it; never empty.
package struct DockerfileErrors: Error, Hashable, Sendable {
  package var errors: [DockerfileError]
}
