internal import CommandSupport
internal import Linux
internal import Runtime
internal import SystemPackage

let createVerb = Verb(
  "create", "[OPTIONS] CONTAINER", "create a container, to be run by start", options: creationOptions, operandCount: 1...1
) { options in
  try protectProgram()
  return try Invocation.run("create", options) { invocation in
    let request = try creationRequest(invocation)
    _ = try request.create()
    return ExitCode.success
  }
}

/// What `create` and `run` share.
let creationOptions: [Option] = [
  .value("bundle", "b", placeholder: "DIR", help: "the bundle's directory (default: the working directory)"),
  .value("console-socket", placeholder: "PATH", help: "socket that takes the terminal's descriptor"),
  .value("pid-file", placeholder: "FILE", help: "file to write the process id to"),
  .value("pidfd-socket", placeholder: "PATH", help: "socket that takes a pidfd of the process"),
  .flag("no-pivot", help: "do not use pivot_root, for a root on a ramdisk"),
  .flag("no-new-keyring", help: "keep the session keyring"),
  .value("preserve-fds", placeholder: "N", help: "hand N more descriptors to the container, from 3 on"),
]

func creationRequest(_ invocation: Invocation) throws -> CreateRequest {
  let bundle = invocation.path("bundle") ?? absolute(".")
  var request = CreateRequest(id: try invocation.id(), root: invocation.root, bundle: bundle)
  request.consoleSocket = invocation.path("console-socket")
  request.pidFile = invocation.path("pid-file")
  request.notifySocket = notifySocket
  request.pidfdSocket = invocation.path("pidfd-socket")
  request.withoutPivot = invocation.options.flag("no-pivot")
  request.withoutKeyring = invocation.options.flag("no-new-keyring")
  request.preservedDescriptors = try preservedDescriptors(invocation)
  request.warn = invocation.warn
  request.debug = invocation.debug
  do { try changeWorkingDirectory(bundle) } catch { throw RuntimeError.system("bundle", error) }
  return request
}

/// `--preserve-fds`, and what a service manager passes by `LISTEN_FDS` (sd_listen_fds(3)).
func preservedDescriptors(_ invocation: Invocation) throws -> Int32 {
  let count = try invocation.integer("preserve-fds") ?? 0
  let listening = Environment["LISTEN_FDS"].flatMap { Int($0) } ?? 0
  guard (0...1024).contains(count), (0...1024).contains(listening) else { throw UsageError("--preserve-fds must be between 0 and 1024") }
  return Int32(count + listening)
}

/// sd_notify(3).
var notifySocket: FilePath? { Environment["NOTIFY_SOCKET"].flatMap { $0.isEmpty ? nil : FilePath($0) } }
