internal import CommandSupport
internal import JSON
internal import Linux
internal import Monitor
internal import SystemPackage

/// The container that a command line is about.
struct Container {
  var settings: ContainerSettings
  let places: MonitorPlaces

  /// The bundle is the last operand.
  init(_ parsed: ParsedOptions) throws {
    settings = try ContainerSettings(bundle: FilePath(parsed.operands.last ?? ""))
    let root = Roots.volatile(parsed.value("run-root"))
    let runRoot = root.isAbsolute ? root : try workingDirectory().pushing(root)
    places = MonitorPlaces(runRoot: runRoot, bundle: settings.bundle, id: settings.id)
  }

  /// A connection to the monitor; throws where the container is not running.
  func connect() throws -> OwnedDescriptor {
    guard let socket = try AttachClient.connect(places) else {
      throw MonitorError.failed("container \(settings.id) is not running")
    }
    return socket
  }

  func attachOptions(_ parsed: ParsedOptions) throws -> AttachClient.Options {
    var options = AttachClient.Options()
    options.tty = settings.tty
    options.signalProxy = parsed.given("sig-proxy") ? parsed.flag("sig-proxy") : settings.signalProxy
    if let text = parsed.value("detach-keys") ?? settings.detachKeys, !text.isEmpty {
      guard let keys = DetachKeys(text) else { throw MonitorError.failed("invalid detach keys (\(text)) provided") }
      options.detachKeys = keys
    }
    return options
  }
}

/// Relays an attachment to its end and gives this process' exit code.
func relay(_ client: consuming AttachClient, failing code: Int32) throws -> Int32 {
  switch try client.relay() {
  case .exited(let code): return code
  case .failed(let code, let reason):
    Diagnostics.error(reason)
    return code == AttachMessage.alreadyRunning ? ExitCode.containerFailed : code
  case .detached:
    try? StandardStream.error.write("\r\nread escape sequence\r\n")
    return 0
  case .lost:
    Diagnostics.error("the container's monitor is gone")
    return code
  }
}
