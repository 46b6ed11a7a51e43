internal import CCurl
internal import Linux

/// How often and how long requests are tried again that failed for a passing reason.
package struct RetryPolicy: Sendable {
  /// Tries after the first.
  package var retries = 4
  /// Seconds before the first of them; doubled each time.
  package var delay = 0.5

  package init() {}
}

/// The tries of one request.
struct Retry {
  /// A registry that asks for an hour is not obeyed for an hour.
  private static let longest = 60.0
  private let policy: RetryPolicy
  private var attempt = 0

  init(_ policy: RetryPolicy) { self.policy = policy }

  /// Waits before the next try, as long as the registry has said where it has; false when there is none left.
  mutating func again(after seconds: Double? = nil) -> Bool {
    guard attempt < policy.retries else { return false }
    let pause = seconds ?? policy.delay * Double(1 << min(attempt, 16))
    attempt += 1
    sleepNanoseconds(UInt64(min(max(pause, 0), Self.longest) * 1e9))
    return true
  }
}

extension HTTPResponse {
  /// Seconds that the registry wants us to wait (Retry-After, RFC 9110 section 10.2.3: seconds or a date).
  var retryAfter: Double? {
    guard let value = header("retry-after") else { return nil }
    if let seconds = Int32(value) { return Double(seconds) }
    let date = unsafe curl_getdate(value, nil)
    return date == -1 ? nil : Double(Int64(date) - Timestamp.now.seconds)
  }
}
