import JSON

/// Programs to run at points of a container's life (config.md#posix-platform-hooks).
package struct Hooks: Hashable, Sendable, Codable {
  /// Deprecated, as `createRuntime` but before it; Docker still wires networks in it.
  package var prestart: [Hook]?
  /// In the runtime namespaces, after the namespaces are made and before `pivot_root`.
  package var createRuntime: [Hook]?
  /// In the container namespaces, by the host's paths, after `createRuntime`.
  package var createContainer: [Hook]?
  /// In the container namespaces, on `start`, before the process.
  package var startContainer: [Hook]?
  /// In the runtime namespaces, after the process has started.
  package var poststart: [Hook]?
  /// In the runtime namespaces, after the container was deleted.
  package var poststop: [Hook]?

  package init(
    prestart: [Hook]? = nil, createRuntime: [Hook]? = nil, createContainer: [Hook]? = nil,
    startContainer: [Hook]? = nil, poststart: [Hook]? = nil, poststop: [Hook]? = nil
  ) {
    self.prestart = prestart
    self.createRuntime = createRuntime
    self.createContainer = createContainer
    self.startContainer = startContainer
    self.poststart = poststart
    self.poststop = poststop
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    prestart = try members.optional("prestart")
    createRuntime = try members.optional("createRuntime")
    createContainer = try members.optional("createContainer")
    startContainer = try members.optional("startContainer")
    poststart = try members.optional("poststart")
    poststop = try members.optional("poststop")
  }
}

/// A program that is given the container's state on its standard input.
package struct Hook: Hashable, Sendable, Codable {
  /// Absolute.
  package var path: String
  /// `argv`, the name included.
  package var args: [String]?
  /// All of its environment.
  package var env: [String]?
  /// Seconds, above 0.
  package var timeout: Int?

  package init(path: String, args: [String]? = nil, env: [String]? = nil, timeout: Int? = nil) {
    self.path = path
    self.args = args
    self.env = env
    self.timeout = timeout
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    path = try members.required("path")
    args = try members.optional("args")
    env = try members.optional("env")
    timeout = try members.optional("timeout")
  }
}
