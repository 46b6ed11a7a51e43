import JSON

/// Something mounted on top of the root (config.md#mounts).
package struct Mount: Hashable, Sendable, Codable {
  /// Within the container; relative to `/` where it is not absolute.
  package var destination: String
  /// A file system type of the kernel; a dummy for bind mounts.
  package var type: String?
  /// For bind mounts absolute or relative to the bundle.
  package var source: String?
  /// As fstab has them; unknown ones are the file system's own.
  package var options: [String]?
  /// Only together with `gidMappings`.
  package var uidMappings: [IDMapping]?
  package var gidMappings: [IDMapping]?

  package init(
    destination: String, type: String? = nil, source: String? = nil, options: [String]? = nil,
    uidMappings: [IDMapping]? = nil, gidMappings: [IDMapping]? = nil
  ) {
    self.destination = destination
    self.type = type
    self.source = source
    self.options = options
    self.uidMappings = uidMappings
    self.gidMappings = gidMappings
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    destination = try members.required("destination")
    type = try members.optional("type")
    source = try members.optional("source")
    options = try members.optional("options")
    uidMappings = try members.optional("uidMappings")
    gidMappings = try members.optional("gidMappings")
  }
}
