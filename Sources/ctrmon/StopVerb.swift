internal import CommandSupport
internal import Events
internal import JSON
internal import Linux
internal import Monitor
internal import SystemPackage

private let stopOptions: [Option] = [
  .value(
    "time", "timeout", "t", placeholder: "SECONDS",
    help: "the grace period before SIGKILL, -1 for ever (default the container's own, else 10)"),
  .value("signal", "s", placeholder: "SIGNAL", help: "the signal (default the container's own, else SIGTERM)"),
]

let stopVerb = Verb(
  "stop", "[OPTIONS] BUNDLE", "Ask a container to end, and kill it after the grace period", options: stopOptions, operandCount: 1...1
) { parsed in
  try stop(try Container(parsed), parsed)
  return 0
}

let restartVerb = Verb("restart", "[OPTIONS] BUNDLE", "Stop a container and start it again", options: stopOptions, operandCount: 1...1) {
  parsed in
  var container = try Container(parsed)
  try stop(container, parsed)
  container.settings.detach = true
  return try startDetached(container, printingID: false) ?? ExitCode.containerFailed
}

let killVerb = Verb(
  "kill", "[OPTIONS] BUNDLE", "Send a signal to a container's first process",
  options: [.value("signal", "s", placeholder: "SIGNAL", help: "the signal (default SIGKILL)")], operandCount: 1...1
) { parsed in
  let container = try Container(parsed)
  let number = try parsed.value("signal").map { try signalNumber($0) } ?? Signal.kill
  let client = WatchingClient(try container.connect())
  try client.send(.watch)
  // The monitor answers that it runs; then the signal cannot come too early.
  guard case .started = try client.next() else { throw MonitorError.failed("container \(container.settings.id) is not running") }
  try client.send(.signal(number))
  EventJournal(runRoot: container.places.runRoot).append("kill", ofBundle: container.places.bundle, [("signal", "\(number)")])
  // A container that was killed is gone when the command is.
  if number == Signal.kill { _ = try client.next() }
  return 0
}

private func signalNumber(_ text: String) throws -> Int32 {
  guard let number = Signal.number(text) else { throw MonitorError.failed("invalid signal: \(text)") }
  return number
}

/// Stops a container and returns when it has ended. One that is not running is as it should be.
private func stop(_ container: Container, _ parsed: ParsedOptions) throws {
  let signal = try parsed.value("signal").map { try signalNumber($0) }
  var seconds: Int?
  if let text = parsed.value("time") {
    guard let number = Int(text) else { throw MonitorError.failed("invalid value \"\(text)\" for --time") }
    seconds = number
  }
  guard let socket = try AttachClient.connect(container.places) else {
    return try stopWithoutMonitor(container.places)
  }
  let wanted = signal ?? container.settings.stopSignal
  if (seconds ?? container.settings.stopTimeout) != 0, let reason = whyDeaf(container, to: wanted) {
    let name = Signal.names.first { $0.number == wanted }.map { "SIG" + $0.name } ?? "signal \(wanted)"
    // A grace period that was asked for in so many words is given.
    let consequence = seconds.map { $0 < 0 ? "it may never end" : "it is killed in \($0) s" } ?? "it is killed at once"
    Diagnostics.warning(
      "\(container.settings.id.prefix(12)): \(reason) \(name), so \(consequence) (docker run --init adds a process that takes it)")
    seconds = seconds ?? 0
  }
  // Read beforehand: a container that is removed when it ends is gone then.
  let journal = EventJournal(runRoot: container.places.runRoot)
  let record = (try? JSONValue(parsing: readFile(container.places.bundle.appending("container.json")))) ?? .null
  journal.append(ContainerEvent("kill", of: record, [("signal", "\(wanted)")]))
  let client = WatchingClient(socket)
  try client.send(.stop(signal: signal, seconds: seconds))
  try client.send(.watch)
  while let message = try client.next() {
    switch message {
    case .exited, .failed: return journal.append(ContainerEvent("stop", of: record))
    default: continue
    }
  }
}

/// Why the container's first process will not hear a signal; nil where it may.
///
/// A program sets its handlers some time after it was started, and the kernel drops what comes before: one that is younger than a
/// second is given the rest of it, and hears the signal when it has a handler. Only what is seen twice counts.
private func whyDeaf(_ container: Container, to signal: Int32) -> String? {
  var wasDeaf = false
  while let process = process(container.places), let reason = Monitor.whyDeaf(process: process.id, to: signal) {
    if wasDeaf, process.age >= 1 { return reason }
    wasDeaf = true
    sleepNanoseconds(10_000_000)
  }
  return nil
}

/// The container's first process, as its monitor wrote it down when it started it, and its age in seconds; nil between two lives.
private func process(_ places: MonitorPlaces) -> (id: Int32, age: Int64)? {
  guard let content = try? readFile(places.state, limit: 64 << 10), let written = try? fileStatus(places.state).modified,
    let id = (try? JSONValue(parsing: content))?["pid"]?.integerValue.flatMap(Int32.init(exactly:))
  else { return nil }
  let now = Timestamp.now
  let nanoseconds = Int64(now.nanoseconds) - Int64(written.nanoseconds)
  return (id, now.seconds - written.seconds - (nanoseconds < 0 ? 1 : 0))
}
