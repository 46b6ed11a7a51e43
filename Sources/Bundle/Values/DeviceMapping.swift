/// `--device HOST[:CONTAINER][:PERMISSIONS]`.
package struct DeviceMapping: Hashable, Codable, Sendable {
  package var pathOnHost: String
  package var pathInContainer: String
  /// Of `r`, `w` and `m`.
  package var permissions: String

  package init(parsing text: String) throws(BundleError) {
    let parts = text.split(separator: ":", omittingEmptySubsequences: false).map(String.init)
    guard parts.count <= 3, !parts[0].isEmpty else { throw .refused("bad format for path: \(text)") }
    pathOnHost = parts[0]
    pathInContainer = parts[0]
    permissions = "rwm"
    if parts.count == 2, isDeviceMode(parts[1]) {
      permissions = parts[1]
    } else if parts.count > 1 {
      pathInContainer = parts[1]
    }
    if parts.count == 3 {
      guard isDeviceMode(parts[2]) else { throw .refused("bad mode specified: \(parts[2])") }
      permissions = parts[2]
    }
    guard pathInContainer.hasPrefix("/") else { throw .refused("\(pathInContainer) is not an absolute path") }
  }
}

/// `--device-cgroup-rule 'TYPE MAJOR:MINOR MODE'`; nil numbers are `*`.
package struct DeviceRule: Hashable, Sendable {
  package let type: String
  package let major: Int64?
  package let minor: Int64?
  package let access: String

  package init(parsing text: String) throws(InvalidValue) {
    let invalid = InvalidValue("invalid device cgroup format '\(text)'")
    let parts = text.split(separator: " ", omittingEmptySubsequences: false).map(String.init)
    guard parts.count == 3, ["a", "c", "b"].contains(parts[0]), let (major, minor) = parts[1].cut(at: ":") else { throw invalid }
    guard (1...3).contains(parts[2].count), parts[2].allSatisfy({ "rwm".contains($0) }) else { throw invalid }
    for number in [major, minor] where number != "*" {
      guard !number.isEmpty, number.utf8.allSatisfy(isDigit), Int64(number) != nil else { throw invalid }
    }
    type = parts[0]
    self.major = Int64(major)
    self.minor = Int64(minor)
    access = parts[2]
  }
}

private func isDeviceMode(_ text: String) -> Bool {
  !text.isEmpty && text.allSatisfy { "rwm".contains($0) } && Set(text).count == text.count
}
