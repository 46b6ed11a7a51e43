/// What is wrong with a project: where, and which value.
package struct ComposeError: Error, Hashable, CustomStringConvertible {
  /// Which of docker compose's exit codes belongs to it.
  package enum Kind: Sendable { case missingFile, invalidProject }

  package let kind: Kind
  package let position: SourcePosition?
  package let message: String

  package init(_ message: String, at position: SourcePosition? = nil, kind: Kind = .invalidProject) {
    self.message = message
    self.position = position
    self.kind = kind
  }

  /// Wrong at `path`, as `services.web.ports[0]: message`.
  init(_ message: String, path: ModelPath, at position: SourcePosition) {
    self.init(path.components.isEmpty ? message : "\(path): \(message)", at: position)
  }

  /// `FILE:LINE:COLUMN: message`.
  package var description: String { position.map { "\($0): \(message)" } ?? message }
}

/// A place in a file; line and column count from 1, columns in characters.
package struct SourcePosition: Sendable, Hashable, CustomStringConvertible {
  package let file: String
  package let line: Int
  package let column: Int

  package init(file: String, line: Int, column: Int) {
    self.file = file
    self.line = line
    self.column = column
  }

  package var description: String { "\(file):\(line):\(column)" }
}
