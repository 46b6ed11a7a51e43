internal import Linux
internal import SystemPackage

/// What has become of a container, from the runtime's state and the exit that its monitor left.
package struct ContainerState: Sendable {
  package enum Status: String, Sendable { case created, running, paused, restarting, removing, exited, dead }

  package var status: Status
  /// 0 where nothing runs.
  package var pid: Int32 = 0
  package var exitCode: Int32 = 0
  package var oomKilled = false
  package var error = ""
  /// RFC 3339; empty where it never ran.
  package var startedAt = ""
  package var finishedAt = ""
  /// starting, healthy or unhealthy; nil without a health check.
  package var health: String?
  package var restartCount = 0

  package var isRunning: Bool { status == .running || status == .paused || status == .restarting }

  package init(_ container: StoredContainer, _ places: Places) throws(BundleError) {
    let ended = try ExitRecord.read(container.directory)
    startedAt = ended?.startedAt ?? ""
    restartCount = ended?.restartCount ?? 0
    let runtime = try RuntimeState.read(container.record.id, places)
    if let runtime, runtime.isAlive {
      let socket = places.runtimeState(container.record.id).removingLastComponent().appending("start.sock")
      status = (try? fileStatus(socket, following: false)) != nil ? .created : runtime.isPaused ? .paused : .running
      pid = runtime.pid
      startedAt = runtime.created
      if status != .created { health = HealthRecord.status(container, places) }
      return
    }
    guard ended != nil || runtime != nil else {
      status = .created
      return
    }
    // Where nobody saw it end, its monitor died, or the machine did: docker says 255 then.
    exitCode = ended?.exitCode ?? 255
    oomKilled = ended?.oomKilled ?? false
    error = ended?.error ?? ""
    // Its first start has failed: it is what it was before, as docker shows it, and says why.
    if let ended, ended.startedAt == nil, runtime == nil {
      status = .created
      return
    }
    switch MonitorState.read(container.record.id, places)?.status {
    case "running":
      // Its process has ended this moment, and the monitor is about to write down how.
      status = .running
      if let runtime { startedAt = runtime.created }
      return
    case "restarting": status = .restarting
    default: status = .exited
    }
    if startedAt.isEmpty { startedAt = runtime?.created ?? "" }
    finishedAt = ended?.finishedAt ?? startedAt
  }
}
