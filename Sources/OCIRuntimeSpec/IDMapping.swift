import JSON

/// A range of user or group IDs (config-linux.md#user-namespace-mappings).
package struct IDMapping: Hashable, Sendable, Codable {
  package var containerID: UInt32
  package var hostID: UInt32
  package var size: UInt32

  package init(containerID: UInt32, hostID: UInt32, size: UInt32) {
    self.containerID = containerID
    self.hostID = hostID
    self.size = size
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    containerID = try members.required("containerID")
    hostID = try members.required("hostID")
    size = try members.required("size")
  }
}
