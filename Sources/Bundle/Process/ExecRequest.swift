package import CommandSupport
internal import JSON
internal import Linux
internal import OCIRuntimeSpec
internal import SystemPackage

/// docker exec: a process for a container that runs.
package struct ExecRequest: Sendable {
  package static let options: [Option] = [
    .flag("detach", "d", help: "obeyed by the caller: run in the background"),
    .value("detach-keys", placeholder: "KEYS", help: "obeyed by the caller: what detaches from the process"),
    .list("env", "e", placeholder: "NAME[=VALUE]", help: "set an environment variable"),
    .list("env-file", placeholder: "FILE", help: "read environment variables from a file"),
    .flag("interactive", "i", help: "keep standard input open"),
    .flag("privileged", help: "all capabilities"),
    .flag("tty", "t", help: "give the process a terminal"),
    .value("user", "u", placeholder: "USER[:GROUP]", help: "name or number of the user, and of the group"),
    .value("workdir", "w", placeholder: "DIR", help: "working directory inside the container"),
  ]

  private let environment: [String]
  private let options: ParsedOptions

  package init(_ options: ParsedOptions) throws(BundleError) {
    self.options = options
    let values = FlagValues(options)
    var variables: [String] = []
    for file in values.texts("env-file") { variables += try keyValueFile(FilePath(file)) { Environment[$0] } }
    environment = variables + (try values.values("env", environmentVariable))
    if let directory = options.value("workdir"), !directory.hasPrefix("/") {
      throw .refused("the working directory '\(directory)' is invalid, it needs to be an absolute path")
    }
  }

  /// process.json for `runc exec --process`: the container's own process with the flags' values in the place of its.
  package func process(_ places: Places) throws(BundleError) -> [UInt8] {
    let container = try ContainerStore(places).resolve(options.operands[0])
    let state = try ContainerState(container, places)
    guard state.isRunning else { throw .refused("container \(container.record.id) is not running") }
    if state.status == .paused { throw .refused("container \(container.record.name) is paused, unpause the container before exec") }
    var process = try configuredProcess(container)
    process.args = Array(options.operands.dropFirst())
    process.terminal = options.flag("tty")
    process.consoleSize = nil
    if let directory = options.value("workdir") { process.cwd = cleanPath(directory) }
    let privileged = options.flag("privileged")
    let user = try user(container)
    if let user {
      process.user = Process.User(uid: user.userID, gid: user.groupID, additionalGids: user.additionalGroupIDs)
    }
    let bounding = privileged ? try Capability.available() : process.capabilities?.bounding ?? []
    process.capabilities =
      (process.user?.uid ?? 0) == 0
      ? Process.Capabilities(bounding: bounding, effective: bounding, permitted: bounding) : Process.Capabilities(bounding: bounding)
    process.env = variables(process.env ?? [], home: user?.home)
    do { return try encodeJSON(process, pretty: true) } catch { throw .damaged(path: "process.json", reason: error.description) }
  }

  private func configuredProcess(_ container: StoredContainer) throws(BundleError) -> Process {
    let path = container.directory.appending(RuntimeConfiguration.fileName)
    let content = try attempting("read '\(path)'") { () throws(SystemError) in try readFile(path) }
    do {
      guard let process = try decodeJSON(RuntimeConfiguration.self, from: content).process else {
        throw JSONError("there is no process")
      }
      return process
    } catch { throw .damaged(path: path.description, reason: "\(error)") }
  }

  /// The flag's user, looked up in the container's files as they are now.
  private func user(_ container: StoredContainer) throws(BundleError) -> ProcessUser? {
    guard let text = options.value("user"), !text.isEmpty else { return nil }
    let rootfs = container.directory.appending("rootfs")
    let root = try attempting("open the root file system") { () throws(SystemError) in try RootDirectory(rootfs) }
    return try ProcessUser(resolving: text, groupAdd: container.record.security.groupAdd, in: root)
  }

  private func variables(_ own: [String], home: String?) -> [String] {
    var variables = own
    if let home, !own.contains("HOME=\(home)") {
      variables.removeAll { variableName($0) == "HOME" }
      variables.append("HOME=\(home)")
    }
    if options.flag("tty"), !variables.contains(where: { variableName($0) == "TERM" }) { variables.append("TERM=xterm") }
    for variable in environment {
      variables.removeAll { variableName($0) == variableName(variable) }
      if variable.contains("=") { variables.append(variable) }
    }
    return variables
  }
}
