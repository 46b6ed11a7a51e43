internal import JSON

/// How to find out whether a container is well (HEALTHCHECK, docker run --health-*). Times in nanoseconds.
package struct Healthcheck: Hashable, Sendable {
  /// The command, run in the container.
  let arguments: [String]
  var interval: UInt64 = 30_000_000_000
  var timeout: UInt64 = 30_000_000_000
  /// How long after the start failures do not count.
  var startPeriod: UInt64 = 0
  var startInterval: UInt64 = 5_000_000_000
  /// Failures in a row that make a container unhealthy.
  var retries = 3

  /// nil for no check: `NONE`, or nothing to run.
  init?(_ value: JSONValue) {
    let test = (value["test"]?.arrayValue ?? []).compactMap(\.stringValue)
    switch test.first {
    case "CMD" where test.count > 1: arguments = Array(test.dropFirst())
    case "CMD-SHELL" where test.count > 1: arguments = ["/bin/sh", "-c", test[1]]
    default: return nil
    }
    func time(_ name: String, _ fallback: UInt64) -> UInt64 {
      value[name]?.integerValue.flatMap { $0 > 0 ? UInt64($0) : nil } ?? fallback
    }
    interval = time("interval", interval)
    timeout = time("timeout", timeout)
    startPeriod = time("startPeriod", startPeriod)
    startInterval = time("startInterval", startInterval)
    if let count = value["retries"]?.integerValue, count > 0 { retries = count }
  }
}

/// What the checks of a container have shown: docker's State.Health (schemas/health.schema.json).
struct HealthState: Hashable, Sendable {
  enum Status: String, Sendable { case starting, healthy, unhealthy }

  struct Result: Hashable, Sendable {
    /// RFC 3339.
    let start: String
    let end: String
    /// 0 is well; -1 for a check that took too long or could not be run.
    let exitCode: Int32
    /// The first 4096 bytes.
    let output: String
  }

  private(set) var status = Status.starting
  private(set) var failingStreak = 0
  /// The last five.
  private(set) var log: [Result] = []

  /// Takes a result; `isStarting` within the start period. Gives whether the status is another one now.
  mutating func add(_ result: Result, _ check: Healthcheck, isStarting: Bool) -> Bool {
    let before = status
    log.append(result)
    if log.count > 5 { log.removeFirst() }
    if result.exitCode == 0 {
      failingStreak = 0
      status = .healthy
    } else if !(isStarting && status == .starting) {
      failingStreak += 1
      if failingStreak >= check.retries { status = .unhealthy }
    }
    return status != before
  }

  /// Nanoseconds until the next check.
  func pause(_ check: Healthcheck, isStarting: Bool) -> UInt64 {
    isStarting && status == .starting ? min(check.startInterval, check.interval) : check.interval
  }

  var text: [UInt8] {
    let log = log.map { result -> JSONValue in
      [
        "Start": .string(result.start), "End": .string(result.end), "ExitCode": .integer(result.exitCode),
        "Output": .string(result.output),
      ]
    }
    let value: JSONValue = [
      "Status": .string(status.rawValue), "FailingStreak": .integer(failingStreak), "Log": .array(log),
    ]
    return Array((value.description + "\n").utf8)
  }
}
