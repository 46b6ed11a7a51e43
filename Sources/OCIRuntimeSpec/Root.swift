/// The root file system (config.md#root).
package struct Root: Hashable, Sendable, Codable {
  /// Absolute, or relative to the bundle.
  package var path: String
  package var readonly: Bool?

  package init(path: String, readonly: Bool? = nil) {
    self.path = path
    self.readonly = readonly
  }
}
