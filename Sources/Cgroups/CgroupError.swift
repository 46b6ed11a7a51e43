package import Linux

/// What goes wrong with control groups, in the words of the configuration.
package enum CgroupError: Error, Hashable, CustomStringConvertible {
  /// `property` asks for a limit that no hierarchy of this machine can set.
  case noController(property: String, controller: String)
  /// The machine has it, but the parent cgroup does not hand it down.
  case notDelegated(property: String, controller: String)
  /// The value of `property` cannot be meant.
  case property(String, String)
  /// The kernel refused; `attempt` is a property of the configuration or what was being done.
  case system(String, SystemError)
  /// The directory exists and somebody uses it.
  case inUse(String)

  package var description: String {
    switch self {
    case .noController(let property, let controller):
      return "\(property): no \(controller) controller in the cgroups of this machine"
    case .notDelegated(let property, let controller):
      return "\(property): the \(controller) controller is not delegated to the container's cgroup"
    case .property(let property, let reason): return "\(property): \(reason)"
    case .system(let attempt, let error): return "\(attempt): \(error)"
    case .inUse(let reason): return reason
    }
  }

  /// The kernel's reason where it was the kernel that refused.
  package var systemError: SystemError? {
    if case .system(_, let error) = self { return error }
    return nil
  }
}

/// Runs `body` and says what was being attempted when the kernel refuses.
func attempting<Value: ~Copyable>(
  _ attempt: @autoclosure () -> String, _ body: () throws(SystemError) -> Value
) throws(CgroupError) -> Value {
  do { return try body() } catch { throw .system(attempt(), error) }
}
