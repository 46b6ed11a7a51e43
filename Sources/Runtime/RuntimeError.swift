package import Linux

/// What goes wrong with a container, in the words of the configuration and of runc, whose texts clients map to exit codes.
package enum RuntimeError: Error, Hashable, CustomStringConvertible {
  /// A property of config.json, or of the process.json given to exec, that cannot be meant.
  case property(String, String)
  /// The kernel refused; the first is what was being attempted.
  case system(String, SystemError)
  /// A whole message.
  case message(String)

  package var description: String {
    switch self {
    case .property(let path, let reason): "\(path): \(reason)"
    case .system(let attempt, let error): "\(attempt): \(error)"
    case .message(let text): text
    }
  }
}

/// Runs `body` and says what was being attempted when the kernel refuses.
func attempting<Value: ~Copyable>(
  _ attempt: @autoclosure () -> String, _ body: () throws(SystemError) -> Value
) throws(RuntimeError) -> Value {
  do { return try body() } catch { throw .system(attempt(), error) }
}
