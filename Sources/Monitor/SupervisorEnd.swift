internal import Linux
internal import SystemPackage

extension Supervisor {
  /// Records how a life ended, and begins the next one or ends for good.
  func end() {
    guard let run, let status = run.ended else { return }
    if isPaused {
      isPaused = false
      drain(run)
    }
    log.end()
    stopHealth()
    var record = ExitRecord(exitCode: status.code, finishedAt: Timestamp.now.rfc3339)
    record.startedAt = run.startedAt.rfc3339
    record.oomKilled = run.isOutOfMemory
    record.restartCount = restartCount
    for descriptor in [run.output?.rawValue, run.error?.rawValue].compactMap({ $0 }) { try? epoll.remove(descriptor) }
    if let input = run.input?.rawValue { try? epoll.remove(input) }
    let duration = monotonicNanoseconds() - run.began
    self.run = nil
    finish(record, duration, hasRun: true)
  }

  /// The container did not start.
  func failed(_ error: MonitorError) {
    var record = ExitRecord(exitCode: 125, finishedAt: Timestamp.now.rfc3339)
    if case .notStarted(_, let code) = error { record.exitCode = code }
    record.error = error.description
    record.restartCount = restartCount
    // It has been up before, even if not this time.
    record.startedAt = ExitRecord.startedAt(places.exit)
    finish(record, 0, hasRun: restartCount > 0)
  }

  /// - Parameter hasRun: whether this monitor has seen it run.
  private func finish(_ record: ExitRecord, _ duration: UInt64, hasRun: Bool) {
    // A stop that came while it was ending counts.
    for client in clients { serve(client, .readable) }
    lastCode = record.exitCode
    try? record.write(places.exit)
    if record.oomKilled { note("oom") }
    if hasRun || record.startedAt != nil { note("die", [("exitCode", "\(record.exitCode)")]) }
    try? runtime.delete()
    // `ocibundle update` may have given it another policy.
    if let now = try? ContainerSettings(bundle: places.bundle) { settings.restartPolicy = now.restartPolicy }
    // A container that never ran is not started again: its first start has failed before the caller's eyes.
    let again =
      hasRun && settings.restartPolicy.restarts(exitCode: record.exitCode, restarts: restartCount, stopped: isStopped)
      // Somebody removed the bundle behind our back: there is nothing to start.
      && (try? fileStatus(places.bundle.appending("config.json"))) != nil
    if again {
      writeState("restarting")
      restartDeadline = monotonicNanoseconds() + backoff.next(ranFor: duration)
      dismiss(.exited(record.exitCode), patience: 5)
      return
    }
    farewell = record.error.isEmpty ? .exited(record.exitCode) : .failed(record.exitCode, record.error)
    close()
  }

  /// The end of the monitor: nothing of it is left when its clients hear of it.
  func close() {
    if settings.autoRemove { try? removeBundle() }
    try? removeFile(places.attachSocket)
    try? removeTree(places.directory)
    // Nothing waits for this process any more: a client that reads slowly may take its time.
    dismiss(farewell ?? .exited(lastCode), patience: 600)
  }

  /// Reads what is left in the pipes, once nobody holds them up any more.
  private func drain(_ run: ContainerRun) {
    for _ in 0..<1024 where run.output?.rawValue != nil { takeOutput(Token.output) }
    for _ in 0..<1024 where run.error?.rawValue != nil { takeOutput(Token.error) }
  }

  private func removeBundle() throws(SystemError) {
    _ = try SpawnedCommand(
      try toolPath("ocibundle"),
      ["ocibundle", "--run-root", places.runRoot.string, "delete", "--volumes", places.bundle.string], input: .none,
      output: .none, error: .none
    ).wait()
  }
}
