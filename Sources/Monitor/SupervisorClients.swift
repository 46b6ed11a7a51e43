internal import Linux
internal import SystemPackage

extension Supervisor {
  /// Does what a client says, and sends it what it has not taken yet.
  func serve(_ client: AttachedClient, _ events: Epoll.Events) {
    if events.contains(.writable) {
      client.flush()
      resumeIfPossible()
    }
    while !isHeldUp(client), let message = client.next() { obey(message, client) }
    // It went while nobody listened to it.
    if events.contains(.hangup), isHeldUp(client) { client.isGone = true }
    if client.isGone { return drop(client) }
    watch(client)
  }

  private func obey(_ message: AttachMessage, _ client: AttachedClient) {
    switch message {
    case .attach(let output, let error):
      (client.wantsOutput, client.wantsError) = (output, error)
      greet(client)
    case .watch: greet(client)
    case .input(let bytes):
      client.sendsInput = true
      take(input: bytes)
    case .endOfInput: takeEndOfInput()
    case .resize(let size):
      if let terminal = run?.output?.rawValue, run?.isTerminal == true { try? Terminal.setWindowSize(terminal, size) }
    case .signal(let number): signal(number)
    case .stop(let number, let seconds): stop(signal: number, seconds: seconds)
    case .output, .error, .started, .exited, .failed: client.isGone = true
    }
  }

  private func greet(_ client: AttachedClient) {
    client.isGreeted = true
    // One that comes while the container runs has missed the word.
    if let run, run.ended == nil, run.isStarted { send(client, .started(run.pid)) }
  }

  func send(_ client: AttachedClient, _ message: AttachMessage) {
    client.send(message)
    if client.isGone { drop(client) } else { watch(client) }
  }

  func broadcast(_ message: AttachMessage) {
    for client in clients where client.isGreeted { send(client, message) }
  }

  /// Says how it ended, and goodbye, to clients that take something at least every `patience` seconds.
  func dismiss(_ message: AttachMessage, patience: UInt64) {
    for client in clients { client.send(message) }
    for client in clients {
      client.finish(patience: patience)
      drop(client)
    }
  }

  func watch(_ client: AttachedClient) {
    var events: Epoll.Events = isHeldUp(client) ? [] : .readable
    if !client.queue.isEmpty { events.insert(.writable) }
    try? epoll.modify(client.socket.rawValue, events, token: client.token)
  }

  private func isHeldUp(_ client: AttachedClient) -> Bool { client.sendsInput && run?.isInputFull == true }

  private func drop(_ client: AttachedClient) {
    try? epoll.remove(client.socket.rawValue)
    clients.removeAll { $0 === client }
    resumeIfPossible()
  }

  /// A signal by hand. One that is meant to end the container ends its restarts too.
  private func signal(_ number: Int32) {
    if number == Signal.kill || number == settings.stopSignal { isStopped = true }
    if number == Signal.kill { kill() } else { try? run?.process.sendSignal(number) }
    endRestarts()
  }

  /// The stop signal, and SIGKILL when the grace period is over.
  func stop(signal number: Int32?, seconds: Int?) {
    isStopped = true
    endRestarts()
    guard let run, run.ended == nil else { return }
    let seconds = seconds ?? settings.stopTimeout
    if seconds == 0 { return kill() }
    try? run.process.sendSignal(number ?? settings.stopSignal)
    if seconds > 0 { killDeadline = monotonicNanoseconds() + UInt64(seconds) * 1_000_000_000 }
  }

  /// A stop between two lives is the end.
  private func endRestarts() {
    if isStopped, run == nil, restartDeadline != nil {
      restartDeadline = nil
      close()
    }
  }

  /// SIGKILL by the runtime, which also thaws a paused container and reaches every process of one without a pid namespace.
  func kill() {
    do { try runtime.kill() } catch { try? run?.process.sendSignal(Signal.kill) }
  }
}
