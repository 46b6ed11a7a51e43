internal import Linux
internal import SystemPackage

/// The check that runs, if one does, and when the next is due.
struct HealthProbe {
  var state = HealthState()
  /// When the next check begins or the one that runs has taken too long; monotonic.
  var deadline: UInt64?
  /// The process of the check that runs.
  var pid: Int32?
  var began = Timestamp.now
  var output: [UInt8] = []
  var isTooLong = false
}

extension Supervisor {
  func startHealth() {
    health = HealthProbe()
    healthPipe = nil
    guard let check = settings.healthcheck else { return }
    try? replaceFile(places.health, with: health.state.text, durable: false)
    health.deadline = monotonicNanoseconds() + health.state.pause(check, isStarting: isStarting(check))
  }

  func stopHealth() {
    if let pid = health.pid { try? sendSignal(Signal.kill, to: pid) }
    closeHealthPipe()
    health.deadline = nil
    health.pid = nil
  }

  /// A check is due, or the one that runs has had its time.
  func healthDue() {
    health.deadline = nil
    guard let check = settings.healthcheck, run != nil else { return }
    if let pid = health.pid {
      health.isTooLong = true
      try? sendSignal(Signal.kill, to: pid)
      return
    }
    do throws(SystemError) {
      let pipe = try Pipe()
      health.began = .now
      health.output = []
      health.isTooLong = false
      OOMProtection.set(false)
      defer { OOMProtection.set(true) }
      health.pid = try runtime.execute(check.arguments, output: pipe.writer.rawValue).id
      let reader = pipe.keepReader()
      try reader.setNonBlocking()
      try epoll.add(reader.rawValue, .readable, token: Token.health)
      healthPipe = consume reader
      health.deadline = monotonicNanoseconds() + check.timeout
    } catch { record(-1, "\(error)", check) }
  }

  func takeHealthOutput() {
    guard let pipe = healthPipe?.rawValue else { return }
    guard let bytes = try? readAvailable(pipe, limit: 4096) else { return }
    if bytes.isEmpty { return closeHealthPipe() }
    health.output += bytes.prefix(4096 - health.output.count)
  }

  func healthEnded(_ pid: Int32, _ status: ExitStatus) {
    guard health.pid == pid, let check = settings.healthcheck else { return }
    takeHealthOutput()
    closeHealthPipe()
    health.pid = nil
    let text = String(decoding: health.output, as: UTF8.self)
    if health.isTooLong {
      record(-1, "Health check exceeded timeout (\(check.timeout / 1_000_000) ms)\(text.isEmpty ? "" : ": " + text)", check)
    } else {
      record(status.code, text, check)
    }
  }

  private func record(_ code: Int32, _ output: String, _ check: Healthcheck) {
    let result = HealthState.Result(
      start: health.began.rfc3339, end: Timestamp.now.rfc3339, exitCode: code, output: output)
    if health.state.add(result, check, isStarting: isStarting(check)) { note("health_status: \(health.state.status)") }
    try? replaceFile(places.health, with: health.state.text, durable: false)
    health.deadline = monotonicNanoseconds() + health.state.pause(check, isStarting: isStarting(check))
  }

  private func isStarting(_ check: Healthcheck) -> Bool {
    guard let run else { return false }
    return monotonicNanoseconds() - run.began < check.startPeriod
  }

  private func closeHealthPipe() {
    if let pipe = healthPipe?.rawValue { try? epoll.remove(pipe) }
    healthPipe = nil
  }
}
