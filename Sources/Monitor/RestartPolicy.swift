internal import JSON

/// When a container that ended is started again (docker run --restart), and after how long.
package struct RestartPolicy: Hashable, Sendable {
  package enum Name: String, Sendable { case no, always, onFailure = "on-failure", unlessStopped = "unless-stopped" }

  package let name: Name
  /// Of `on-failure`; 0 is no maximum.
  package let maximumRetryCount: Int

  package static let no = RestartPolicy(name: .no, maximumRetryCount: 0)

  package init(name: Name, maximumRetryCount: Int) {
    self.name = name
    self.maximumRetryCount = maximumRetryCount
  }

  init(_ value: JSONValue) throws(MonitorError) {
    let text = value["name"]?.stringValue ?? ""
    guard let name = text.isEmpty ? .no : Name(rawValue: text) else {
      throw .failed("container.json: restartPolicy.name: '\(text)' is not a restart policy")
    }
    self.init(name: name, maximumRetryCount: value["maximumRetryCount"]?.integerValue ?? 0)
  }

  /// Whether to start again after an end with `exitCode`, having done so `restarts` times. A manual stop ends every policy.
  package func restarts(exitCode: Int32, restarts: Int, stopped: Bool) -> Bool {
    if stopped { return false }
    switch name {
    case .no: return false
    case .always, .unlessStopped: return true
    case .onFailure: return exitCode != 0 && (maximumRetryCount == 0 || restarts < maximumRetryCount)
    }
  }
}

/// docker's delays between restarts: 100 ms, doubled every time up to a minute, from the start again once the container
/// has run for 10 s. Nanoseconds.
package struct RestartBackoff: Sendable {
  private var delay: UInt64 = 0

  package init() {}

  package mutating func next(ranFor duration: UInt64) -> UInt64 {
    if duration > 10_000_000_000 { delay = 0 }
    delay = delay == 0 ? 100_000_000 : min(delay * 2, 60_000_000_000)
    return delay
  }
}
