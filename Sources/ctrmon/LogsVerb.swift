internal import CommandSupport
internal import Linux
internal import Monitor

let logsVerb = Verb(
  "logs", "[OPTIONS] BUNDLE", "Print what a container has written",
  options: [
    .flag("follow", "f", help: "go on as the log grows, until the container ends"),
    .value("tail", "n", placeholder: "N", help: "only the last N lines (default all)"),
    .value("since", placeholder: "TIME", help: "from this time on: RFC 3339, seconds since 1970, or how long ago like 10m"),
    .value("until", placeholder: "TIME", help: "up to this time"),
    .flag("timestamps", "t", help: "in front of each line its time"),
    .flag("details", help: "in front of each line what the log driver was told to add"),
  ], operandCount: 1...1
) { parsed in
  let container = try Container(parsed)
  var options = LogReader.Options()
  options.timestamps = parsed.flag("timestamps")
  options.details = parsed.flag("details")
  options.since = try parsed.value("since").map(moment)
  options.until = try parsed.value("until").map(moment)
  if let text = parsed.value("tail"), text != "all" {
    // docker takes whatever is no number for all.
    options.tail = Int(text).flatMap { $0 < 0 ? nil : $0 }
  }
  if !container.settings.log.isKept {
    throw MonitorError.failed("configured logging driver does not support reading")
  }
  let reader = LogReader(container.places.log, options)
  // Connected before anything is read, so that an end in between is not missed.
  let socket = parsed.flag("follow") ? try AttachClient.connect(container.places) : nil
  var position = try reader.printAll()
  guard let socket else { return 0 }
  let client = WatchingClient(socket)
  try client.send(.watch)
  var hasEnded = false
  while true {
    try reader.print(try position.read())
    if hasEnded { return 0 }
    if try isReadable(client.descriptor, within: 100) {
      switch try client.next() {
      case .started: continue
      default: hasEnded = true
      }
    }
  }
}
