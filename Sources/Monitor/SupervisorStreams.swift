internal import Linux
internal import SystemPackage

extension Supervisor {
  /// A client that has this many bytes to take yet holds the container's output up.
  private static let longestQueue = 256 << 10

  /// Takes what the container wrote to one of its streams.
  func takeOutput(_ token: UInt64) {
    guard let run, let descriptor = token == Token.output ? run.output?.rawValue : run.error?.rawValue else { return }
    let bytes: [UInt8]?
    // A terminal whose other end is closed is EIO.
    do { bytes = try readAvailable(descriptor) } catch { bytes = [] }
    guard let bytes else { return }
    if bytes.isEmpty { return closeStream(token, run) }
    let stream: LogLine.Stream = token == Token.output ? .stdout : .stderr
    log.write(bytes, stream)
    for client in clients where client.isGreeted {
      if stream == .stdout, client.wantsOutput { send(client, .output(bytes)) }
      if stream == .stderr, client.wantsError { send(client, .error(bytes)) }
    }
    if clients.contains(where: { $0.queuedBytes > Self.longestQueue }) { pause() }
  }

  private func closeStream(_ token: UInt64, _ run: ContainerRun) {
    guard let descriptor = token == Token.output ? run.output?.rawValue : run.error?.rawValue else { return }
    try? epoll.remove(descriptor)
    if token == Token.output { run.output = nil } else { run.error = nil }
  }

  private func pause() {
    guard !isPaused, let run else { return }
    isPaused = true
    if let output = run.output?.rawValue { try? epoll.remove(output) }
    if let error = run.error?.rawValue { try? epoll.remove(error) }
  }

  /// Goes on reading once the slow client has caught up or gone.
  func resumeIfPossible() {
    guard isPaused, let run, !clients.contains(where: { $0.queuedBytes > Self.longestQueue / 2 }) else { return }
    isPaused = false
    if let output = run.output?.rawValue { try? epoll.add(output, .readable, token: Token.output) }
    if let error = run.error?.rawValue { try? epoll.add(error, .readable, token: Token.error) }
  }

  /// Hands a client's input on.
  func take(input bytes: [UInt8]) {
    guard let run else { return }
    if run.isTerminal ? run.output == nil : run.input == nil { return }
    run.pendingInput += bytes
    feedInput()
  }

  /// A foreground run's input ends with its client's; a detached container's stays open for the next client.
  func takeEndOfInput() {
    guard let run, !run.isTerminal, !settings.detach else { return }
    run.closesInput = true
    feedInput()
  }

  /// Writes what the container takes, and waits for the rest.
  func feedInput() {
    guard let run else { return }
    let wasFull = run.isInputFull
    defer { if wasFull, !run.isInputFull { for client in clients { watch(client) } } }
    if run.isTerminal {
      // A terminal's input queue is short; it is fed with every turn of the loop while anything is left.
      guard let terminal = run.output?.rawValue else { return }
      let count = (try? writeAvailable(terminal, run.pendingInput[...])) ?? run.pendingInput.count
      run.pendingInput.removeFirst(count)
      try? epoll.modify(terminal, run.pendingInput.isEmpty ? .readable : [.readable, .writable], token: Token.output)
      return
    }
    guard let pipe = run.input?.rawValue else { return }
    try? epoll.remove(pipe)
    do {
      let count = run.pendingInput.isEmpty ? 0 : try writeAvailable(pipe, run.pendingInput[...])
      run.pendingInput.removeFirst(count)
    } catch {
      // The container has closed its input.
      run.pendingInput = []
      run.input = nil
      return
    }
    if !run.pendingInput.isEmpty {
      try? epoll.add(pipe, .writable, token: Token.input)
    } else if run.closesInput {
      run.input = nil
    }
  }
}
