internal import Linux

/// How often and how long a request that failed for a passing reason is tried again.
struct Retry {
  private var attempt = 0
  private let attempts: Int

  init(attempts: Int = 5) { self.attempts = attempts }

  /// Waits before the next try; false when there is none left. Half a second, doubled each time, unless the registry says (RFC 9110 Retry-After).
  mutating func again(after seconds: Int? = nil) -> Bool {
    attempt += 1
    guard attempt < attempts else { return false }
    // A registry that asks for an hour is not obeyed for an hour.
    let pause = seconds.map { Double(min(max($0, 0), 60)) } ?? 0.25 * Double(1 << attempt)
    sleepNanoseconds(UInt64(pause * 1e9))
    return true
  }
}
