import JSON

/// What `features` prints: what a runtime can do (runtime-spec features.md). Absent means unknown, not none.
package struct Features: Hashable, Sendable, Codable {
  package var ociVersionMin: String
  package var ociVersionMax: String
  package var hooks: [String]?
  package var mountOptions: [String]?
  package var linux: LinuxFeatures?
  package var annotations: [String: String]?
  /// Names, or prefixes where they end with a dot.
  package var potentiallyUnsafeConfigAnnotations: [String]?

  package init(
    ociVersionMin: String, ociVersionMax: String, hooks: [String]? = nil, mountOptions: [String]? = nil,
    linux: LinuxFeatures? = nil, annotations: [String: String]? = nil,
    potentiallyUnsafeConfigAnnotations: [String]? = nil
  ) {
    self.ociVersionMin = ociVersionMin
    self.ociVersionMax = ociVersionMax
    self.hooks = hooks
    self.mountOptions = mountOptions
    self.linux = linux
    self.annotations = annotations
    self.potentiallyUnsafeConfigAnnotations = potentiallyUnsafeConfigAnnotations
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    ociVersionMin = try members.required("ociVersionMin")
    ociVersionMax = try members.required("ociVersionMax")
    hooks = try members.optional("hooks")
    mountOptions = try members.optional("mountOptions")
    linux = try members.optional("linux")
    annotations = try members.optional("annotations")
    potentiallyUnsafeConfigAnnotations = try members.optional("potentiallyUnsafeConfigAnnotations")
  }
}
