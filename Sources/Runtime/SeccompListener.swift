internal import JSON
internal import Linux
internal import OCIRuntimeSpec
internal import SystemPackage

/// The agent that decides about system calls with SCMP_ACT_NOTIFY (config-linux.md#seccomp, listenerPath).
struct SeccompListener {
  let path: FilePath
  let metadata: String?

  /// nil where the profile names none.
  init?(_ configuration: RuntimeConfiguration) {
    guard let seccomp = configuration.linux?.seccomp, let path = seccomp.listenerPath, !path.isEmpty else { return nil }
    self.path = FilePath(path)
    metadata = seccomp.listenerMetadata
  }

  /// Sends the notify descriptor, borrowed, with the state of the process that it is about (config-linux.md#containerprocessstate).
  func send(_ notify: Int32, id: String, process: Int32, _ hooks: HookPlan) throws(RuntimeError) {
    let version: OCIVersion
    do { version = try OCIVersion(hooks.ociVersion) } catch { throw .message("\(error)") }
    let annotations = hooks.annotations.isEmpty ? nil : hooks.annotations
    let state = State(
      ociVersion: version, id: id, status: .running, pid: Int(process), bundle: hooks.bundle.string, annotations: annotations)
    let message = ContainerProcessState(
      ociVersion: version, fds: [ContainerProcessState.seccompFdName], pid: Int(process), metadata: metadata, state: state)
    let content: [UInt8]
    do { content = try encodeJSON(message) } catch { throw .message("linux.seccomp.listenerPath: \(error)") }
    try attempting("linux.seccomp.listenerPath: failed to connect with seccomp agent") { () throws(SystemError) in
      let socket = try OwnedDescriptor.unixSocket()
      try socket.connect(to: path)
      try socket.send(content, descriptors: [notify])
    }
  }
}
