internal import Linux
internal import SystemPackage

/// sd_notify(3) through the runtime: a socket of the container's own, in a directory that is bound into it, from which what concerns the
/// service goes on to the manager's. The manager's socket itself would let a container speak for its host.
struct NotifySocket {
  /// Where the service manager listens (`NOTIFY_SOCKET`).
  let manager: FilePath
  /// In the container's state directory.
  let directory: FilePath

  private static let name = FilePath("notify.sock")
  private static let mountPoint = FilePath("/run/notify")
  /// What a container may say of itself; who its main process is and which descriptors are kept is not its to say.
  private static let passedOn = ["READY", "RELOADING", "STOPPING", "STATUS", "ERRNO", "WATCHDOG", "WATCHDOG_USEC", "EXTEND_TIMEOUT_USEC"]

  init?(_ manager: FilePath?, _ state: StateDirectory) {
    guard let manager else { return nil }
    self.manager = manager
    directory = state.path.appending("notify")
  }

  /// Makes the directory and shows it to the container.
  func enter(_ plan: inout ContainerPlan) throws(RuntimeError) {
    try attempting("NOTIFY_SOCKET") { () throws(SystemError) in try makeDirectories(directory, mode: 0o755) }
    plan.mounts.append(
      MountStep(
        property: "NOTIFY_SOCKET", destination: Self.mountPoint, source: .bind(directory),
        options: MountOptions(["bind", "nosuid", "noexec", "nodev", "ro"])))
    plan.process?.environment.removeAll { $0.hasPrefix("NOTIFY_SOCKET=") }
    plan.process?.environment.append("NOTIFY_SOCKET=\(Self.mountPoint.pushing(Self.name))")
  }

  /// The socket, before the program runs; nil for a container that was made without one.
  func listen() throws(RuntimeError) -> SharedDescriptor? {
    if (try? fileStatus(directory)) == nil { return nil }
    return try attempting("NOTIFY_SOCKET") { () throws(SystemError) in
      let socket = try OwnedDescriptor.datagramSocket()
      try socket.bind(to: directory.pushing(Self.name))
      // Whoever the program runs as.
      try openFile(directory, [.path, .directory]).changePermissions(Self.name, 0o777)
      return SharedDescriptor(socket)
    }
  }

  /// Waits until the container is ready, says so with its process as the service's, and leaves it alone; or until it has ended.
  func awaitReady(_ socket: SharedDescriptor, _ process: borrowing OwnedDescriptor, id: Int32) throws(RuntimeError) {
    try attempting("NOTIFY_SOCKET") { () throws(SystemError) in
      while true {
        let ready = try waitReadable([socket.descriptor.rawValue, process.rawValue])
        guard ready.contains(socket.descriptor.rawValue) else { return }
        let lines = try received(socket)
        if lines.contains("READY=1") { return try tell(["READY=1", "MAINPID=\(id)"]) }
      }
    }
  }

  /// Passes one message on, while this program is the service's process.
  func relay(_ socket: SharedDescriptor) throws(SystemError) {
    let lines = try received(socket)
    if !lines.isEmpty { try tell(lines) }
  }

  private func received(_ socket: SharedDescriptor) throws(SystemError) -> [String] {
    guard let message = try socket.descriptor.receive(limit: 4096) else { return [] }
    for descriptor in message.descriptors { _ = OwnedDescriptor(descriptor) }
    let lines = String(decoding: message.bytes, as: UTF8.self).split(separator: "\n").map(String.init)
    return lines.filter { line in Self.passedOn.contains { line.hasPrefix($0 + "=") } }
  }

  private func tell(_ lines: [String]) throws(SystemError) {
    let socket = try OwnedDescriptor.datagramSocket()
    try socket.connect(to: manager)
    try socket.send(Array(lines.map { $0 + "\n" }.joined().utf8))
  }
}
