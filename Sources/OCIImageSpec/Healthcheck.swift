package import JSON

/// How to test that a container works (Docker's image specification v1.2, `Healthcheck`; image-spec reserves the name). Times are in
/// nanoseconds; 0 or absent inherits.
package struct Healthcheck: Hashable, Sendable, Codable {
  /// `[]` inherits, `["NONE"]` disables, `["CMD", …]` executes, `["CMD-SHELL", command]` runs the shell.
  package var test: [String]?
  package var interval: Int64?
  package var timeout: Int64?
  package var startPeriod: Int64?
  package var startInterval: Int64?
  package var retries: Int?
  package var unknown: UnknownProperties

  private enum CodingKeys: String, CodingKey {
    case test = "Test"
    case interval = "Interval"
    case timeout = "Timeout"
    case startPeriod = "StartPeriod"
    case startInterval = "StartInterval"
    case retries = "Retries"
    case unknown
  }

  package init(
    test: [String]? = nil, interval: Int64? = nil, timeout: Int64? = nil, startPeriod: Int64? = nil,
    startInterval: Int64? = nil, retries: Int? = nil
  ) {
    self.test = test
    self.interval = interval
    self.timeout = timeout
    self.startPeriod = startPeriod
    self.startInterval = startInterval
    self.retries = retries
    unknown = UnknownProperties()
  }
}
