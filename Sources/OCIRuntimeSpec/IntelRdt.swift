import JSON

/// Intel Resource Director Technology by the resctrl file system (config-linux.md#intelrdt).
package struct IntelRdt: Hashable, Sendable, Codable {
  /// `/` is the default class; the container's ID where it is absent.
  package var closID: String?
  /// Lines for the file `schemata`.
  package var schemata: [String]?
  package var l3CacheSchema: String?
  package var memBwSchema: String?
  package var enableMonitoring: Bool?

  package init(
    closID: String? = nil, schemata: [String]? = nil, l3CacheSchema: String? = nil, memBwSchema: String? = nil,
    enableMonitoring: Bool? = nil
  ) {
    self.closID = closID
    self.schemata = schemata
    self.l3CacheSchema = l3CacheSchema
    self.memBwSchema = memBwSchema
    self.enableMonitoring = enableMonitoring
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    closID = try members.optional("closID")
    schemata = try members.optional("schemata")
    l3CacheSchema = try members.optional("l3CacheSchema")
    memBwSchema = try members.optional("memBwSchema")
    enableMonitoring = try members.optional("enableMonitoring")
  }
}
