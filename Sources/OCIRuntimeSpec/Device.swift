import JSON

/// A device file to make (config-linux.md#devices).
package struct Device: Hashable, Sendable, Codable {
  /// By the letters of mknod(1).
  package enum Kind: String, Sendable, Codable, CaseIterable {
    case block = "b"
    case character = "c"
    case unbuffered = "u"
    case fifo = "p"
  }

  /// In the container.
  package var path: String
  package var type: Kind
  /// Required but for FIFOs.
  package var major: Int64?
  package var minor: Int64?
  package var fileMode: UInt32?
  package var uid: UInt32?
  package var gid: UInt32?

  package init(
    path: String, type: Kind, major: Int64? = nil, minor: Int64? = nil, fileMode: UInt32? = nil, uid: UInt32? = nil,
    gid: UInt32? = nil
  ) {
    self.path = path
    self.type = type
    self.major = major
    self.minor = minor
    self.fileMode = fileMode
    self.uid = uid
    self.gid = gid
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    path = try members.required("path")
    type = try members.required("type")
    major = try members.optional("major")
    minor = try members.optional("minor")
    fileMode = try members.optional("fileMode")
    uid = try members.optional("uid")
    gid = try members.optional("gid")
  }
}

/// A network device to move into the container (config-linux.md#network-devices).
package struct NetDevice: Hashable, Sendable, Codable {
  /// In the container; the host's name where it is absent.
  package var name: String?

  package init(name: String? = nil) {
    self.name = name
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    name = try members.optional("name")
  }
}
