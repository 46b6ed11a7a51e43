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
}
