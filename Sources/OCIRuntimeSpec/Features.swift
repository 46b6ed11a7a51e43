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
}
