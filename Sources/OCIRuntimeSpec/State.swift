import JSON

/// What `state` prints and hooks are given (runtime-spec runtime.md#state).
package struct State: Hashable, Sendable, Codable {
  /// Of the specification, and `paused` as runc and crun add it.
  package enum Status: String, Sendable, Codable, CaseIterable {
    case creating, created, running, stopped, paused
  }

  package var ociVersion: OCIVersion
  package var id: String
  package var status: Status
  /// Required on Linux while created or running.
  package var pid: Int?
  /// Absolute.
  package var bundle: String
  package var annotations: [String: String]?

  package init(
    ociVersion: OCIVersion, id: String, status: Status, pid: Int? = nil, bundle: String,
    annotations: [String: String]? = nil
  ) {
    self.ociVersion = ociVersion
    self.id = id
    self.status = status
    self.pid = pid
    self.bundle = bundle
    self.annotations = annotations
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    ociVersion = try members.required("ociVersion")
    id = try members.required("id")
    status = try members.required("status")
    pid = try members.optional("pid")
    bundle = try members.required("bundle")
    annotations = try members.optional("annotations")
  }
}

/// What is sent with descriptors to a seccomp agent (config-linux.md#the-container-process-state).
package struct ContainerProcessState: Hashable, Sendable, Codable {
  package static let seccompFdName = "seccompFd"

  package var ociVersion: OCIVersion
  /// What the descriptors are, in their order.
  package var fds: [String]
  package var pid: Int
  package var metadata: String?
  package var state: State

  package init(ociVersion: OCIVersion, fds: [String], pid: Int, metadata: String? = nil, state: State) {
    self.ociVersion = ociVersion
    self.fds = fds
    self.pid = pid
    self.metadata = metadata
    self.state = state
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    ociVersion = try members.required("ociVersion")
    fds = try members.required("fds")
    pid = try members.required("pid")
    metadata = try members.optional("metadata")
    state = try members.required("state")
  }
}
