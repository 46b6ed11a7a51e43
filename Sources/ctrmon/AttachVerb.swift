internal import CommandSupport
internal import Linux
internal import Monitor

let attachVerb = Verb(
  "attach", "[OPTIONS] BUNDLE", "Connect to a running container's input and output",
  options: [
    .value("detach-keys", placeholder: "KEYS", help: "the keys that let go of the container (default ctrl-p,ctrl-q)"),
    .flag("no-stdin", help: "do not attach standard input"),
    .flag("sig-proxy", help: "hand received signals on to the container (default true)"),
  ], operandCount: 1...1
) { parsed in
  let container = try Container(parsed)
  let socket = try container.connect()
  var options = try container.attachOptions(parsed)
  options.input = container.settings.openStdin && !parsed.flag("no-stdin")
  if options.tty, options.input, !StandardStream.input.isTerminal {
    throw MonitorError.failed("the input device is not a TTY")
  }
  let client = AttachClient(socket, container.places, options)
  try client.greet()
  return try relay(client, failing: ExitCode.failure)
}

let waitVerb = Verb("wait", "BUNDLE", "Wait until a container has ended and print its exit code", operandCount: 1...1) { parsed in
  let container = try Container(parsed)
  if let socket = try AttachClient.connect(container.places) {
    let client = WatchingClient(socket)
    try client.send(.watch)
    while let message = try client.next() {
      switch message {
      case .exited(let code), .failed(let code, _):
        printLine(String(code))
        return 0
      default: continue
      }
    }
  }
  // It ended before, or has never run.
  printLine(String(try ExitRecord.exitCode(container.places.exit) ?? 0))
  return 0
}
