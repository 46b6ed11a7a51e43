internal import JSON
internal import Linux
internal import SystemPackage

/// Runs `runc-swift` for one container.
struct RuntimeCommand: Sendable {
  let places: MonitorPlaces

  /// `create`: the container's process is made and waits. Throws with docker's exit code for what the runtime says.
  func create(
    input: SpawnedCommand.Stream, output: SpawnedCommand.Stream, error: SpawnedCommand.Stream, terminal: Bool
  ) throws(MonitorError) {
    // A former life whose monitor died with it: its network and its state go first. One that still runs is not deleted without --force.
    if (try? fileStatus(places.runtimeRoot.appending(places.id))) != nil { try? run(["delete", places.id], failing: 1) }
    try? removeFile(places.runtimeLog)
    var arguments = ["create", "--bundle", places.bundle.string, "--pid-file", places.containerPID.string]
    if terminal { arguments += ["--console-socket", places.consoleSocket.string] }
    try run(arguments + [places.id], input: input, output: output, error: error, failing: 125)
  }

  func start() throws(MonitorError) { try run(["start", places.id], failing: 125) }

  func kill() throws(MonitorError) { try run(["kill", places.id, "KILL"], failing: 1) }

  /// Runs the poststop hooks and forgets the container; what is not there is no failure.
  func delete() throws(MonitorError) { try run(["delete", "--force", places.id], failing: 1) }

  /// `runc-swift VERB …`, with the runtime's own last words as the error.
  private func run(
    _ arguments: [String], input: SpawnedCommand.Stream = .none, output: SpawnedCommand.Stream = .none,
    error: SpawnedCommand.Stream = .none, failing code: Int32
  ) throws(MonitorError) {
    let status: ExitStatus
    do throws(SystemError) {
      status = try SpawnedCommand(
        try toolPath("runc-swift"), prefix + arguments, input: input, output: output, error: error
      ).wait()
    } catch { throw .notStarted("\(error)", code) }
    if status == .exited(0) { return }
    let words = lastWords() ?? "runc-swift \(arguments[0]) ended with status \(status.code)"
    throw .notStarted(words, code == 125 ? Self.exitCode(words) : code)
  }

  private var prefix: [String] {
    ["runc-swift", "--root", places.runtimeRoot.string, "--log", places.runtimeLog.string, "--log-format", "json"]
  }

  /// `runc-swift exec`, to be waited for by the caller.
  func execute(_ arguments: [String], output: Int32) throws(SystemError) -> SpawnedCommand {
    try SpawnedCommand(
      try toolPath("runc-swift"), ["runc-swift", "--root", places.runtimeRoot.string, "exec", places.id] + arguments,
      input: .none, output: .descriptor(output), error: .descriptor(output))
  }

  /// The last error of the runtime's log.
  private func lastWords() -> String? {
    guard let content = try? readFile(places.runtimeLog, limit: 4 << 20) else { return nil }
    for line in content.split(separator: UInt8(ascii: "\n")).reversed() {
      let entry = try? JSONValue(parsing: Array(line))
      if entry?["level"]?.stringValue == "error", let message = entry?["msg"]?.stringValue { return message }
    }
    return nil
  }

  /// docker's exit code for a runtime's error text (docker/cli: toStatusError), which is case-sensitive.
  static func exitCode(_ text: String) -> Int32 {
    if text.contains("executable file not found") || text.contains("no such file or directory")
      || text.contains("system cannot find the file specified")
    {
      return 127
    }
    return text.contains("permission denied") || text.contains("is a directory") ? 126 : 125
  }
}
