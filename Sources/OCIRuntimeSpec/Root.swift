import JSON

/// The root file system (config.md#root).
package struct Root: Hashable, Sendable, Codable {
  /// Absolute, or relative to the bundle.
  package var path: String
  package var readonly: Bool?

  package init(path: String, readonly: Bool? = nil) {
    self.path = path
    self.readonly = readonly
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    path = try members.required("path")
    readonly = try members.optional("readonly")
  }
}
