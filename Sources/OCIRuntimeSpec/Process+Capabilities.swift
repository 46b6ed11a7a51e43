import JSON

extension Process {
  /// The five sets (capabilities(7)) by names such as `CAP_CHOWN`. They are strings: names that this machine does not
  /// know are to be warned about, not refused.
  package struct Capabilities: Hashable, Sendable, Codable {
    package var bounding: [String]?
    package var effective: [String]?
    package var inheritable: [String]?
    package var permitted: [String]?
    package var ambient: [String]?

    package init(
      bounding: [String]? = nil, effective: [String]? = nil, inheritable: [String]? = nil,
      permitted: [String]? = nil, ambient: [String]? = nil
    ) {
      self.bounding = bounding
      self.effective = effective
      self.inheritable = inheritable
      self.permitted = permitted
      self.ambient = ambient
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      bounding = try members.optional("bounding")
      effective = try members.optional("effective")
      inheritable = try members.optional("inheritable")
      permitted = try members.optional("permitted")
      ambient = try members.optional("ambient")
    }
  }
}
