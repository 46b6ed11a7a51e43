import JSON

/// A namespace to make, or to join where there is a path (config-linux.md#namespaces).
package struct Namespace: Hashable, Sendable, Codable {
  /// The specification's names; `network` and `mount` are not the kernel's.
  package enum Kind: String, Sendable, Codable, CaseIterable {
    case pid, network, mount, ipc, uts, user, cgroup, time
  }

  package var type: Kind
  /// Absolute, in the runtime's mount namespace.
  package var path: String?

  package init(type: Kind, path: String? = nil) {
    self.type = type
    self.path = path
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    type = try members.required("type")
    path = try members.optional("path")
  }
}

/// What a clock of a new time namespace is ahead (config-linux.md#offset-for-time-namespace).
package struct TimeOffset: Hashable, Sendable, Codable {
  package var secs: Int64?
  package var nanosecs: UInt32?

  package init(secs: Int64? = nil, nanosecs: UInt32? = nil) {
    self.secs = secs
    self.nanosecs = nanosecs
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    secs = try members.optional("secs")
    nanosecs = try members.optional("nanosecs")
  }
}
