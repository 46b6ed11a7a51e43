internal import CommandSupport
internal import Linux
internal import Monitor

private let detachKeys = Option.value(
  "detach-keys", placeholder: "KEYS", help: "the keys that let go of the container (default ctrl-p,ctrl-q)")
private let signalProxy = Option.flag("sig-proxy", help: "hand received signals on to the container (default true)")

let runVerb = Verb(
  "run", "[OPTIONS] BUNDLE", "Start a container that was just made, in the foreground unless it was made to be detached",
  options: [
    .flag("detach", "d", help: "in the background: print the id"), .flag("rm", help: "remove the bundle when the container ends"),
    detachKeys, signalProxy,
  ], operandCount: 1...1
) { parsed in
  try withExitCode(ExitCode.containerFailed) {
    var container = try Container(parsed)
    if parsed.given("rm") { container.settings.autoRemove = parsed.flag("rm") }
    if parsed.given("detach") { container.settings.detach = parsed.flag("detach") }
    if container.settings.detach { return try startDetached(container) ?? ExitCode.containerFailed }
    var options = try container.attachOptions(parsed)
    options.input = container.settings.openStdin && container.settings.attach.contains("stdin")
    options.output = container.settings.attach.contains("stdout")
    options.error = container.settings.attach.contains("stderr")
    return try startAttached(container, options)
  }
}

let startVerb = Verb(
  "start", "[OPTIONS] BUNDLE", "Start a container that has ended",
  options: [
    .flag("attach", "a", help: "attach standard output and error, and hand signals on"),
    .flag("interactive", "i", help: "attach standard input"), detachKeys, signalProxy,
  ], operandCount: 1...1
) { parsed in
  var container = try Container(parsed)
  guard parsed.flag("attach") || parsed.flag("interactive") else {
    container.settings.detach = true
    // One that runs already is as it should be; one that another is just starting is waited for, also when that one was quicker by a hair.
    while true {
      if let socket = try AttachClient.connect(container.places) {
        let client = WatchingClient(socket)
        try client.send(.watch)
        return try awaitStart(client, container, printingID: false)
      }
      if container.places.isHeld {
        sleepNanoseconds(1_000_000)
        continue
      }
      if let status = try startDetached(container, printingID: false, joining: true) { return status }
    }
  }
  container.settings.detach = false
  var options = try container.attachOptions(parsed)
  options.input = parsed.flag("interactive") && container.settings.openStdin
  return try startAttached(container, options)
}

/// As docker run: the tool's own failure has an exit code of its own.
func withExitCode(_ code: Int32, _ body: () throws -> Int32) throws -> Int32 {
  do { return try body() } catch {
    Diagnostics.error("\(error)")
    return code
  }
}

/// Starts in the background; prints the id once the container's program runs. nil where another has begun to start it, for who is `joining`.
func startDetached(_ container: Container, printingID: Bool = true, joining: Bool = false) throws -> Int32? {
  let (near, far) = try OwnedDescriptor.socketPair()
  let client = WatchingClient(OwnedDescriptor(near))
  try client.send(.watch)
  try launchMonitor(container.settings, container.places, OwnedDescriptor(far))
  return try awaitStart(client, container, printingID: printingID, joining: joining)
}

private func awaitStart(_ client: borrowing WatchingClient, _ container: Container, printingID: Bool) throws -> Int32 {
  try awaitStart(client, container, printingID: printingID, joining: false) ?? ExitCode.containerFailed
}

/// What the monitor says of the start, as this process' exit code.
private func awaitStart(
  _ client: borrowing WatchingClient, _ container: Container, printingID: Bool, joining: Bool
) throws -> Int32? {
  switch try client.next() {
  case .started, .exited:
    if printingID { printLine(container.settings.id) }
    return 0
  case .failed(AttachMessage.alreadyRunning, let reason):
    if joining { return nil }
    Diagnostics.error(reason)
    return ExitCode.containerFailed
  case .failed(let code, let reason):
    Diagnostics.error(reason)
    return code
  default:
    Diagnostics.error("the container's monitor is gone")
    return ExitCode.containerFailed
  }
}

/// Starts with this process attached from before the first byte.
func startAttached(_ container: Container, _ options: AttachClient.Options) throws -> Int32 {
  if options.tty, options.input, !StandardStream.input.isTerminal {
    throw MonitorError.failed("the input device is not a TTY")
  }
  let (near, far) = try OwnedDescriptor.socketPair()
  let client = AttachClient(OwnedDescriptor(near), container.places, options)
  try client.greet()
  try launchMonitor(container.settings, container.places, OwnedDescriptor(far))
  return try relay(client, failing: ExitCode.containerFailed)
}
