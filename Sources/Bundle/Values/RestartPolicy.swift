/// What happens when the container's process ends: `--restart`.
package struct RestartPolicy: Hashable, Codable, Sendable {
  package enum Name: String, Codable, Sendable {
    case no, always
    case onFailure = "on-failure"
    case unlessStopped = "unless-stopped"
  }
  package var name: Name
  /// Only for `on-failure`; 0 is no limit.
  package var maximumRetryCount: Int

  package init(name: Name = .no, maximumRetryCount: Int = 0) {
    self.name = name
    self.maximumRetryCount = maximumRetryCount
  }

  package init(parsing text: String) throws(BundleError) {
    let parts = text.cut(at: ":")
    let word = parts?.before ?? text
    if parts != nil, word.isEmpty { throw .refused("invalid restart policy format: no policy provided before colon") }
    var count = 0
    if let text = parts?.after, !text.isEmpty {
      guard let value = Int(text) else {
        throw .refused("invalid restart policy format: maximum retry count must be an integer")
      }
      count = value
    }
    guard let name = word.isEmpty ? .no : Name(rawValue: word) else {
      throw .refused("invalid restart policy: unknown policy '\(word)'; use one of 'no', 'always', 'on-failure', or 'unless-stopped'")
    }
    if name != .onFailure, count != 0 {
      throw .refused("invalid restart policy: maximum retry count can only be used with 'on-failure'")
    }
    if count < 0 { throw .refused("invalid restart policy: maximum retry count cannot be negative") }
    self.init(name: name, maximumRetryCount: count)
  }
}
