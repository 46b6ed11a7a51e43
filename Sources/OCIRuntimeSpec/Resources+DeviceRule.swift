import JSON

extension Resources {
  /// An entry of the list of allowed devices (config-linux.md#allowed-device-list).
  package struct DeviceRule: Hashable, Sendable, Codable {
    /// Devices that a rule is about.
    package enum Kind: String, Sendable, Codable, CaseIterable {
      case all = "a"
      case character = "c"
      case block = "b"
    }

    package var allow: Bool
    /// All where it is absent.
    package var type: Kind?
    /// All where it is absent.
    package var major: Int64?
    /// All where it is absent.
    package var minor: Int64?
    /// Of `r`, `w` and `m`(knod).
    package var access: String?

    package init(allow: Bool, type: Kind? = nil, major: Int64? = nil, minor: Int64? = nil, access: String? = nil) {
      self.allow = allow
      self.type = type
      self.major = major
      self.minor = minor
      self.access = access
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      allow = try members.required("allow")
      type = try members.optional("type")
      major = try members.optional("major")
      minor = try members.optional("minor")
      access = try members.optional("access")
    }
  }
}
