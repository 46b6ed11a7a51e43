package import Linux

/// What goes wrong around a container's life.
package enum MonitorError: Error, Hashable, CustomStringConvertible {
  case failed(String)
  case system(String, SystemError)
  /// Another monitor has the container of that id.
  case alreadyRunning(String)
  /// The container did not start: the runtime's words and docker's exit code for them (125, 126, 127).
  case notStarted(String, Int32)

  package var description: String {
    switch self {
    case .failed(let reason): reason
    case .system(let attempt, let error): "\(attempt): \(error)"
    case .alreadyRunning(let id): "container \(id) is already running"
    case .notStarted(let reason, _): reason
    }
  }
}

func attempting<Value: ~Copyable>(
  _ attempt: @autoclosure () -> String, _ body: () throws(SystemError) -> Value
) throws(MonitorError) -> Value {
  do { return try body() } catch { throw .system(attempt(), error) }
}
