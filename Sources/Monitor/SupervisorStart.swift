internal import Events
internal import JSON
internal import Linux
internal import SystemPackage

extension Supervisor {
  /// Creates and starts the container. A failure is one of its ends, with docker's exit code.
  func start() {
    do throws(MonitorError) {
      OOMProtection.set(false)
      let run = try create()
      OOMProtection.set(true)
      self.run = run
      // Clients that were there before set the terminal's size and take the first byte.
      for client in clients { serve(client, .readable) }
      do throws(MonitorError) { try runtime.start() } catch {
        try? run.process.sendSignal(Signal.kill)
        _ = try? waitForProcess(run.pid)
        self.run = nil
        throw error
      }
      run.startedAt = .now
      run.isStarted = true
      writeState("running")
      try attempting("monitor") { () throws(SystemError) in try watch(run) }
      note("start")
      broadcast(.started(run.pid))
      startHealth()
    } catch {
      failed(error)
    }
  }

  private func create() throws(MonitorError) -> ContainerRun {
    settings.tty ? try createWithTerminal() : try createWithPipes()
  }

  private func createWithPipes() throws(MonitorError) -> ContainerRun {
    let output = try attempting("pipe") { () throws(SystemError) in try Pipe() }
    let error = try attempting("pipe") { () throws(SystemError) in try Pipe() }
    var input: OwnedDescriptor?
    if settings.openStdin {
      let pipe = try attempting("pipe") { () throws(SystemError) in try Pipe() }
      try runtime.create(
        input: .descriptor(pipe.reader.rawValue), output: .descriptor(output.writer.rawValue),
        error: .descriptor(error.writer.rawValue), terminal: false)
      input = pipe.keepWriter()
    } else {
      try runtime.create(
        input: .none, output: .descriptor(output.writer.rawValue), error: .descriptor(error.writer.rawValue), terminal: false)
    }
    return try adopt(output: output.keepReader(), error: error.keepReader(), input: input, isTerminal: false)
  }

  /// The runtime sends the terminal's other end to a socket of ours (runc's --console-socket).
  private func createWithTerminal() throws(MonitorError) -> ContainerRun {
    try? removeFile(places.consoleSocket)
    defer { try? removeFile(places.consoleSocket) }
    let listener = try attempting("console socket") { () throws(SystemError) -> OwnedDescriptor in
      let listener = try OwnedDescriptor.unixSocket()
      try listener.listen(at: places.consoleSocket)
      try listener.setNonBlocking()
      return listener
    }
    try runtime.create(input: .none, output: .none, error: .none, terminal: true)
    let received = try attempting("console socket") { () throws(SystemError) -> Int32 in
      guard let message = try listener.accept().receive(), let first = message.descriptors.first else {
        throw SystemError("receive", "the terminal", .socketNotConnected)
      }
      for other in message.descriptors.dropFirst() { _ = OwnedDescriptor(other) }
      return first
    }
    return try adopt(output: OwnedDescriptor(received), error: nil, input: nil, isTerminal: true)
  }

  private func adopt(
    output: consuming OwnedDescriptor, error: consuming OwnedDescriptor?, input: consuming OwnedDescriptor?, isTerminal: Bool
  ) throws(MonitorError) -> ContainerRun {
    let file = places.containerPID
    let text = try attempting("pid file") { () throws(SystemError) in try readFile(file, limit: 64) }
    guard let pid = Int32(String(decoding: text, as: UTF8.self).trimmed), pid > 1 else {
      throw .failed("'\(file)' holds no process id")
    }
    do { return try ContainerRun(pid: pid, output: output, error: error, input: input, isTerminal: isTerminal) } catch {
      throw .system("monitor", error)
    }
  }

  private func watch(_ run: ContainerRun) throws(SystemError) {
    if let output = run.output?.rawValue { try epoll.add(output, .readable, token: Token.output) }
    if let error = run.error?.rawValue { try epoll.add(error, .readable, token: Token.error) }
    isPaused = false
    feedInput()
  }

  /// Notes what has happened to the container for `ctrmon events`.
  func note(_ action: String, _ details: [(key: String, value: String)] = []) {
    EventJournal(runRoot: places.runRoot).append(action, ofBundle: places.bundle, details)
  }

  /// What `ctrmon stop` and `ctrmon kill` find when no monitor answers, and what `ocibundle ls` shows of a restart.
  func writeState(_ status: String) {
    var value: JSONValue = [
      "status": .string(status), "restartCount": .integer(restartCount), "monitor": .integer(processID),
    ]
    if let run, status == "running" {
      value["pid"] = .integer(run.pid)
      value["startedAt"] = .string(run.startedAt.rfc3339)
    }
    try? replaceFile(places.state, with: Array((value.description + "\n").utf8), durable: false)
  }
}

extension String {
  var trimmed: String {
    String(self.drop(while: \.isWhitespace).reversed().drop(while: \.isWhitespace).reversed())
  }
}
