import JSON

extension Process {
  /// Numbers in the container's user namespace (config.md#posix-platform-user).
  package struct User: Hashable, Sendable, Codable {
    package var uid: UInt32
    package var gid: UInt32
    package var umask: UInt32?
    package var additionalGids: [UInt32]?

    package init(uid: UInt32 = 0, gid: UInt32 = 0, umask: UInt32? = nil, additionalGids: [UInt32]? = nil) {
      self.uid = uid
      self.gid = gid
      self.umask = umask
      self.additionalGids = additionalGids
    }

    /// The specification requires `uid` and `gid`; runc and crun take 0 for them where they are absent.
    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      uid = try members.optional("uid") ?? 0
      gid = try members.optional("gid") ?? 0
      umask = try members.optional("umask")
      additionalGids = try members.optional("additionalGids")
    }
  }
}

extension Process {
  /// In characters.
  package struct ConsoleSize: Hashable, Sendable, Codable {
    package var height: UInt
    package var width: UInt

    package init(height: UInt, width: UInt) {
      self.height = height
      self.width = width
    }

    package init(from decoder: any Decoder) throws {
      let members = try JSONMembers(of: decoder)
      height = try members.required("height")
      width = try members.required("width")
    }
  }
}
