internal import JSON
package import Linux

/// Why something about a network or a port could not be done, in words for the person who asked.
package struct NetworkError: Error, Hashable, CustomStringConvertible {
  package enum Kind: Sendable {
    /// What was asked for makes no sense (docker answers 125).
    case invalid
    /// The named network, container or port is not there.
    case notFound
    /// Somebody else has it.
    case conflict
    /// The kernel or a file refused.
    case failure
  }

  package let kind: Kind
  package let description: String

  package init(_ kind: Kind, _ description: String) {
    self.kind = kind
    self.description = description
  }

  /// `attempt` says what was being done: `network 'bridge'`.
  package init(_ attempt: String, _ error: SystemError) {
    self.init(.failure, "\(attempt): \(error)")
  }

  init(_ attempt: String, _ error: JSONError) {
    self.init(.invalid, "\(attempt): \(error)")
  }
}

/// Runs `body` and says in its error what was attempted.
func attempting<Value: ~Copyable>(
  _ attempt: @autoclosure () -> String, _ body: () throws(SystemError) -> Value
) throws(NetworkError) -> Value {
  do { return try body() } catch { throw NetworkError(attempt(), error) }
}
