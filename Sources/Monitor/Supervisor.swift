package import Linux
internal import SystemPackage

/// The monitor of one container: holds its input and output, its log and its end, as long as it lives or is to be started
/// again. One thread; everything that happens comes through one epoll.
package final class Supervisor {
  var settings: ContainerSettings
  let places: MonitorPlaces
  let runtime: RuntimeCommand
  let epoll: Epoll
  let signals: SignalReader
  let lock: FileLock
  let listener: OwnedDescriptor
  var log: LogWriter
  var clients: [AttachedClient] = []
  var run: ContainerRun?
  /// Somebody wants it to end: no policy starts it again.
  var isStopped = false
  var killDeadline: UInt64?
  var restartDeadline: UInt64?
  var backoff = RestartBackoff()
  var restartCount = 0
  /// What the last life came to.
  var lastCode: Int32 = 0
  /// What the clients are told at the very end.
  var farewell: AttachMessage?
  var health = HealthProbe()
  var healthPipe: OwnedDescriptor?
  /// Reading of the container's output waits for a client that does not read.
  var isPaused = false
  private var lastToken = Token.firstClient

  enum Token {
    static let signals: UInt64 = 1
    static let listener: UInt64 = 2
    static let output: UInt64 = 3
    static let error: UInt64 = 4
    static let input: UInt64 = 5
    static let health: UInt64 = 6
    static let firstClient: UInt64 = 100
  }

  /// Takes the container's lock: EWOULDBLOCK where another monitor has it.
  package init(_ settings: ContainerSettings, _ places: MonitorPlaces) throws(MonitorError) {
    self.settings = settings
    self.places = places
    runtime = RuntimeCommand(places: places)
    do throws(SystemError) {
      lock = try Self.lock(places)
      epoll = try Epoll()
      signals = try SignalReader()
      try? removeFile(places.attachSocket)
      listener = try OwnedDescriptor.unixSocket(stream: false)
      try listener.listen(at: places.attachSocket)
      try listener.setNonBlocking()
    } catch {
      if error.errno == .wouldBlock { throw .alreadyRunning(settings.id) }
      throw .system("monitor", error)
    }
    log = try LogWriter(places.log, settings.log)
    try attempting("monitor") { () throws(SystemError) in
      try epoll.add(signals.descriptor.rawValue, .readable, token: Token.signals)
      try epoll.add(listener.rawValue, .readable, token: Token.listener)
    }
  }

  /// The lock that says that somebody looks after the container. Who only wants to know whether anybody does has it for a moment
  /// (``MonitorPlaces/isHeld``): that is waited out.
  private static func lock(_ places: MonitorPlaces) throws(SystemError) -> FileLock {
    for _ in 0..<10 {
      do { return try FileLock(places.lock, .exclusive, waiting: false) } catch  where error.errno == .wouldBlock {
        sleepNanoseconds(2_000_000)
      }
    }
    return try FileLock(places.lock, .exclusive, waiting: false)
  }

  /// Takes over a connection that was made before the monitor.
  package func adopt(_ socket: consuming OwnedDescriptor) throws(MonitorError) {
    lastToken += 1
    let token = lastToken
    let made: AttachedClient
    do {
      made = try AttachedClient(socket, token: token)
      try epoll.add(made.socket.rawValue, .readable, token: token)
    } catch { throw .system("attach", error) }
    clients.append(made)
  }

  /// Lives the container's life, restarts included; the value is the exit code of the last one.
  package func supervise() -> Int32 {
    start()
    var isSettled = false
    while run != nil || restartDeadline != nil {
      do {
        let timeout = timeout
        // The first quiet moment after the start: what starting took is not needed for as long as the container lives.
        let moment: Int32 = isSettled ? timeout : timeout < 0 ? Self.settling : min(timeout, Self.settling)
        if let event = try epoll.wait(milliseconds: moment) {
          try handle(event.token, event.events)
        } else if !isSettled {
          isSettled = true
          releaseResidentCode()
        }
      } catch {
        // Nothing that a single descriptor does may end the monitor: its container would be alone.
        continue
      }
      meetDeadlines()
      if let run, run.isOver || (run.ended != nil && isPaused) { end() }
    }
    return lastCode
  }

  /// Milliseconds without an event after which a start counts as over.
  private static let settling: Int32 = 300

  /// Milliseconds to the next moment at which something is due.
  private var timeout: Int32 {
    let due = [killDeadline, restartDeadline, run?.drainDeadline, health.deadline].compactMap { $0 }.min()
    guard let due else { return -1 }
    let now = monotonicNanoseconds()
    return due <= now ? 0 : Int32(min((due - now) / 1_000_000 + 1, 3_600_000))
  }

  private func handle(_ token: UInt64, _ events: Epoll.Events) throws(SystemError) {
    switch token {
    case Token.signals: try takeSignals()
    case Token.listener:
      let socket = try listener.accept()
      do { try adopt(socket) } catch { return }
    case Token.output, Token.error:
      if events.contains(.writable) { feedInput() }
      takeOutput(token)
    case Token.input: feedInput()
    case Token.health: takeHealthOutput()
    default:
      if let client = clients.first(where: { $0.token == token }) { serve(client, events) }
    }
  }

  private func takeSignals() throws(SystemError) {
    while let signal = try signals.next() {
      if signal == Signal.child { reap() }
      if signal == Signal.terminate { stop(signal: nil, seconds: nil) }
    }
  }

  /// Takes the ends of children, those of orphans of the container included.
  func reap() {
    while let ended = try? waitForProcess(-1, waiting: false) {
      if let run, run.pid == ended.id {
        run.ended = ended.status
        run.drainDeadline = monotonicNanoseconds() + 2_000_000_000
        killDeadline = nil
      } else {
        healthEnded(ended.id, ended.status)
      }
    }
  }

  private func meetDeadlines() {
    let now = monotonicNanoseconds()
    if let due = killDeadline, due <= now {
      killDeadline = nil
      kill()
    }
    if let due = restartDeadline, due <= now {
      restartDeadline = nil
      restartCount += 1
      start()
    }
    if let due = health.deadline, due <= now { healthDue() }
  }
}
