internal import JSON
internal import Linux
package import SystemPackage

/// The six kinds of hooks (config.md#posix-platform-hooks) and the state that each gets on its standard input.
package struct HookPlan: Equatable, Sendable {
  package struct Hook: Equatable, Sendable {
    package var path: FilePath
    package var arguments: [String]
    /// nil: none at all, but startContainer hooks, which run in the container, get its process's then, as with runc.
    package var environment: [String]?
    /// Seconds; nil waits for ever.
    package var timeout: Int?
  }

  package var prestart: [Hook] = []
  package var createRuntime: [Hook] = []
  package var createContainer: [Hook] = []
  package var startContainer: [Hook] = []
  package var poststart: [Hook] = []
  package var poststop: [Hook] = []

  package var ociVersion = "1.0.0"
  package var bundle: FilePath = "/"
  package var annotations: [String: String] = [:]

  /// Whether the runtime has something to run between mounting and pivot_root(2).
  var wantsRuntimePhase: Bool { !prestart.isEmpty || !createRuntime.isEmpty }

  /// The state (runtime.md#state) at the time of a hook.
  func state(id: String, status: String, process: Int32) -> String {
    var annotations = JSONObject()
    for (key, value) in self.annotations.sorted(by: { $0.key < $1.key }) { annotations[key] = .string(value) }
    var state: JSONValue = ["ociVersion": .string(ociVersion), "id": .string(id), "status": .string(status)]
    if process > 0 { state["pid"] = .integer(process) }
    state["bundle"] = .string(bundle.string)
    if !self.annotations.isEmpty { state["annotations"] = .object(annotations) }
    return state.description
  }

  /// Runs the hooks of one kind in order; the first that fails ends it, in runc's words.
  func run(_ hooks: [Hook], _ kind: String, environment: [String] = [], state: @autoclosure () -> String) throws(RuntimeError) {
    if hooks.isEmpty { return }
    let state = state()
    for (index, hook) in hooks.enumerated() {
      do { try run(hook, environment, state: state) } catch { throw .message("error running \(kind) hook #\(index): \(error)") }
    }
  }

  /// Runs the poststop hooks; one that fails is a warning, and the next runs all the same (runtime.md#lifecycle, step 13).
  func runPoststop(id: String, warn: (String) -> Void) {
    for hook in poststop {
      do { try run([hook], "poststop", state: state(id: id, status: "stopped", process: 0)) } catch { warn("\(error)") }
    }
  }

  private func run(_ hook: Hook, _ defaultEnvironment: [String], state: String) throws(RuntimeError) {
    var failure: String?
    do throws(SystemError) {
      let input = try makeMemoryFile("state")
      try input.writeAll(state)
      try input.rewind()
      let output = try makeMemoryFile("output")
      let command = try SpawnedCommand(
        hook.path, hook.arguments, environment: hook.environment ?? defaultEnvironment, input: .descriptor(input.rawValue),
        output: .descriptor(output.rawValue), error: .descriptor(output.rawValue))
      let id = command.id
      var timedOut = false
      if let timeout = hook.timeout {
        let process = try openProcess(id)
        let milliseconds = timeout.multipliedReportingOverflow(by: 1000)
        if try !process.awaitEnd(milliseconds: milliseconds.overflow ? .max : milliseconds.partialValue) {
          timedOut = true
          try process.sendSignal(Signal.kill)
        }
      }
      let status = try command.wait()
      if timedOut {
        failure = "hook ran past specified timeout of \(Double(hook.timeout ?? 0))s"
      } else if status != .exited(0) {
        var said = (try? output.readStart(4096)) ?? []
        while said.last == UInt8(ascii: "\n") { said.removeLast() }
        failure = "\(status.words), output: \(String(decoding: said, as: UTF8.self))"
      }
    } catch { throw .system("hook", error) }
    if let failure { throw .message(failure) }
  }
}

extension ExitStatus {
  /// As Go words the end of a process.
  var words: String {
    switch self {
    case .exited(let status): "exit status \(status)"
    case .signaled(let signal): "signal: \(Signal.description(signal))"
    }
  }
}
