import JSON

/// The argument of personality(2) (config-linux.md#personality).
package struct Personality: Hashable, Sendable, Codable {
  /// The execution domains that are allowed.
  package enum Domain: String, Sendable, Codable, CaseIterable {
    case linux = "LINUX"
    case linux32 = "LINUX32"
  }

  package var domain: Domain
  /// None is defined yet.
  package var flags: [String]?

  package init(domain: Domain, flags: [String]? = nil) {
    self.domain = domain
    self.flags = flags
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    domain = try members.required("domain")
    flags = try members.optional("flags")
  }
}
