package import Linux

/// What this library reports. The text is docker's where docker has one, since scripts and the wrapper look for it.
package enum BundleError: Error, CustomStringConvertible {
  /// A flag's value that its grammar does not allow: `invalid argument "x" for "-m, --memory" flag: invalid size: 'x'`.
  case invalidArgument(value: String, flag: String, reason: String)
  /// A command line that parses but asks for what cannot be.
  case refused(String)
  /// A flag or a value that docker has and this program does not do.
  case unsupported(flag: String, reason: String)
  /// The image is not in the store; the caller may pull it and ask again.
  case imageNotFound(String)
  case noSuchContainer(String)
  /// More than one container's id begins so.
  case ambiguous(String)
  /// A file of tote's own that does not say what it should.
  case damaged(path: String, reason: String)
  /// A system call failed; `attempt` says what it was needed for.
  case failed(attempt: String, SystemError)

  package var description: String {
    switch self {
    case .invalidArgument(let value, let flag, let reason): "invalid argument \(goQuoted(value)) for \"\(flag)\" flag: \(reason)"
    case .refused(let text): text
    case .unsupported(let flag, let reason): "\(flag) is not supported: \(reason)"
    case .imageNotFound(let name): "Unable to find image '\(name)' locally"
    case .noSuchContainer(let name): "No such container: \(name)"
    case .ambiguous(let prefix): "multiple IDs found with provided prefix: \(prefix)"
    case .damaged(let path, let reason): "'\(path)' is damaged: \(reason)"
    case .failed(let attempt, let error): "\(attempt): \(error)"
    }
  }
}

/// A value that a flag's grammar does not allow, with docker's reason; whoever knows the flag makes it a ``BundleError``.
package struct InvalidValue: Error, Hashable, CustomStringConvertible {
  package let description: String
  package init(_ reason: String) { description = reason }
}

/// Runs `body` and says in its error what was being attempted.
func attempting<Value: ~Copyable>(
  _ attempt: @autoclosure () -> String, _ body: () throws(SystemError) -> Value
) throws(BundleError) -> Value {
  do { return try body() } catch { throw .failed(attempt: attempt(), error) }
}
