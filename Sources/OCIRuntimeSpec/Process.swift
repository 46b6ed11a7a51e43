import JSON

/// The container's process, or one that `exec` adds to it (config.md#process).
package struct Process: Hashable, Sendable, Codable {
  package var terminal: Bool?
  /// Ignored without `terminal`.
  package var consoleSize: ConsoleSize?
  /// Root where it is absent.
  package var user: User?
  /// The first is found along `PATH`; required by `start`.
  package var args: [String]?
  /// `NAME=value`.
  package var env: [String]?
  /// Absolute.
  package var cwd: String
  package var capabilities: Capabilities?
  package var rlimits: [Rlimit]?
  package var noNewPrivileges: Bool?
  package var apparmorProfile: String?
  /// Left alone where it is absent.
  package var oomScoreAdj: Int?
  package var scheduler: Scheduler?
  package var selinuxLabel: String?
  package var ioPriority: IOPriority?
  /// For `exec` only, not for the container's own process.
  package var execCPUAffinity: CPUAffinity?

  package init(user: User? = nil, args: [String]? = nil, env: [String]? = nil, cwd: String) {
    self.user = user
    self.args = args
    self.env = env
    self.cwd = cwd
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    terminal = try members.optional("terminal")
    consoleSize = try members.optional("consoleSize")
    user = try members.optional("user")
    args = try members.optional("args")
    env = try members.optional("env")
    cwd = try members.required("cwd")
    capabilities = try members.optional("capabilities")
    rlimits = try members.optional("rlimits")
    noNewPrivileges = try members.optional("noNewPrivileges")
    apparmorProfile = try members.optional("apparmorProfile")
    oomScoreAdj = try members.optional("oomScoreAdj")
    scheduler = try members.optional("scheduler")
    selinuxLabel = try members.optional("selinuxLabel")
    ioPriority = try members.optional("ioPriority")
    execCPUAffinity = try members.optional("execCPUAffinity")
  }
}
