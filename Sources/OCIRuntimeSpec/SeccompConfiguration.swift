import JSON

/// Which system calls the container may make (config-linux.md#seccomp).
package struct SeccompConfiguration: Hashable, Sendable, Codable {
  package var defaultAction: Action
  /// EPERM where it is absent.
  package var defaultErrnoRet: UInt32?
  /// Besides the native one.
  package var architectures: [Architecture]?
  package var flags: [Flag]?
  /// A socket to send the notification descriptor to, with the `ContainerProcessState`.
  package var listenerPath: String?
  package var listenerMetadata: String?
  package var syscalls: [Syscall]?

  package init(defaultAction: Action, architectures: [Architecture]? = nil, syscalls: [Syscall]? = nil) {
    self.defaultAction = defaultAction
    self.architectures = architectures
    self.syscalls = syscalls
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    defaultAction = try members.required("defaultAction")
    defaultErrnoRet = try members.optional("defaultErrnoRet")
    architectures = try members.optional("architectures")
    flags = try members.optional("flags")
    listenerPath = try members.optional("listenerPath")
    listenerMetadata = try members.optional("listenerMetadata")
    syscalls = try members.optional("syscalls")
  }
}
