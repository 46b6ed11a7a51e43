internal import Cgroups
internal import CommandSupport
internal import JSON
internal import Linux
internal import OCIRuntimeSpec
internal import Runtime
internal import SystemPackage

let execVerb = Verb(
  "exec", "[OPTIONS] CONTAINER [COMMAND [ARG...]]", "run one more process in a container",
  options: [
    .value("process", "p", placeholder: "FILE", help: "process.json, in the place of COMMAND and of the options below"),
    .value("console-socket", placeholder: "PATH", help: "socket that takes the terminal's descriptor"),
    .value("pid-file", placeholder: "FILE", help: "file to write the process id to"),
    .value("pidfd-socket", placeholder: "PATH", help: "socket that takes a pidfd of the process"),
    .flag("detach", "d", help: "do not wait"),
    .flag("tty", "t", help: "give it a terminal"),
    .value("cwd", placeholder: "DIR", help: "working directory"),
    .list("env", "e", placeholder: "NAME=VALUE", help: "one more environment variable"),
    .value("user", "u", placeholder: "UID[:GID]", help: "who it is to be"),
    .list("additional-gids", "g", placeholder: "GID", help: "one more group"),
    .list("cap", "c", placeholder: "CAP", help: "one more capability"),
    .flag("no-new-privs", help: "set no_new_privs"),
    .value("preserve-fds", placeholder: "N", help: "hand over N more descriptors, from 3 on"),
    .value("process-label", placeholder: "LABEL", help: "SELinux label"),
    .value("apparmor", placeholder: "PROFILE", help: "AppArmor profile"),
    .list("cgroup", placeholder: "[CONTROLLER,...:]PATH", help: "be in this cgroup below the container's"),
    .flag("ignore-paused", help: "even where the container is paused"),
  ], order: .aroundFirstOperand, operandCount: 1...Int.max
) { options in
  try protectProgram()
  return try Invocation.run("exec", options) { invocation in
    let container = try invocation.container()
    var request = ExecRequest(container: container, process: try execProcess(invocation, container))
    request.pidFile = invocation.path("pid-file")
    request.consoleSocket = invocation.path("console-socket")
    request.pidfdSocket = invocation.path("pidfd-socket")
    request.isDetached = options.flag("detach")
    request.ignoringPause = options.flag("ignore-paused")
    request.preservedDescriptors = try preservedDescriptors(invocation)
    if options.given("cgroup") { request.subCgroups = try SubCgroups(options.values("cgroup")) }
    request.warn = invocation.warn
    request.debug = invocation.debug
    return try request.run()
  }
}

/// The container's own process with what the command line changes of it, or the one in a file.
private func execProcess(_ invocation: Invocation, _ container: Container) throws -> Process {
  let options = invocation.options
  if let path = invocation.path("process") {
    do { return try decodeJSON(Process.self, from: try readFile(path)) } catch let error as JSONError {
      throw RuntimeError.message("process.json: \(error)")
    }
  }
  guard var process = try container.configuration().process else { throw RuntimeError.property("process", "is missing") }
  process.args = Array(options.operands.dropFirst())
  if process.args?.isEmpty == true { throw RuntimeError.message("exec args cannot be empty") }
  process.terminal = options.flag("tty")
  if let cwd = options.value("cwd") { process.cwd = cwd }
  process.env = (process.env ?? []) + options.values("env")
  process.apparmorProfile = options.value("apparmor") ?? process.apparmorProfile
  process.selinuxLabel = options.value("process-label") ?? process.selinuxLabel
  if options.given("no-new-privs") { process.noNewPrivileges = options.flag("no-new-privs") }
  if let user = options.value("user") { process.user = try parseUser(user, umask: process.user?.umask) }
  var user = process.user ?? Process.User()
  for text in options.values("additional-gids") {
    guard let gid = UInt32(text) else { throw UsageError("--additional-gids '\(text)': not a group id") }
    user.additionalGids = (user.additionalGids ?? []) + [gid]
  }
  process.user = user
  let extra = options.values("cap")
  if !extra.isEmpty {
    // Never into the inheritable set: a program without file capabilities must not gain them (CVE-2022-29162).
    var capabilities = process.capabilities ?? Process.Capabilities()
    capabilities.bounding = (capabilities.bounding ?? []) + extra
    capabilities.effective = (capabilities.effective ?? []) + extra
    capabilities.permitted = (capabilities.permitted ?? []) + extra
    // Ambient where it was inheritable before: without that the kernel has no ambient capability.
    let ambient = extra.filter { capabilities.inheritable?.contains($0) == true }
    if !ambient.isEmpty { capabilities.ambient = (capabilities.ambient ?? []) + ambient }
    process.capabilities = capabilities
  }
  return process
}

/// `UID[:GID]`, numbers only and nothing else (CVE-2026-30892).
private func parseUser(_ text: String, umask: UInt32?) throws -> Process.User {
  let parts = text.split(separator: ":", omittingEmptySubsequences: false)
  let ids = parts.map { part in part.allSatisfy(\.isNumber) ? UInt32(part) : nil }
  guard parts.count <= 2, let uid = ids[0], let gid = ids.count > 1 ? ids[1] : 0 else {
    throw UsageError("--user '\(text)': not UID[:GID]")
  }
  return Process.User(uid: uid, gid: gid, umask: umask)
}
