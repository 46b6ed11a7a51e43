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
    if let runtime = try RuntimeState.read(container.record.id, places), runtime.isAlive {
      let waiting = (try? fileStatus(places.runtimeState(container.record.id).removingLastComponent().appending("start.sock"))) != nil
      status = waiting ? .created : runtime.isPaused ? .paused : .running
      pid = runtime.pid
      startedAt = runtime.created
      if status != .created { health = HealthRecord.status(container, places) }
      return
    }
    guard let ended else {
      status = .created
      return
    }
    status = .exited
    exitCode = ended.exitCode ?? 0
    oomKilled = ended.oomKilled ?? false
    error = ended.error ?? ""
    finishedAt = ended.finishedAt ?? ""
  }
}
