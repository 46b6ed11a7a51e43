internal import Linux
package import SystemPackage

/// Where a container's monitor keeps what goes with a reboot, and what stays in the bundle.
package struct MonitorPlaces: Sendable {
  /// `$TOTE_RUN`.
  package let runRoot: FilePath
  package let bundle: FilePath
  package let id: String

  package init(runRoot: FilePath, bundle: FilePath, id: String) {
    self.runRoot = runRoot
    self.bundle = bundle
    self.id = id
  }

  package var directory: FilePath { runRoot.appending("monitor").appending(id) }
  package var attachSocket: FilePath { directory.appending("attach") }
  var consoleSocket: FilePath { directory.appending("console.sock") }
  /// Held by the monitor as long as it lives.
  var lock: FilePath { directory.appending("lock") }
  var containerPID: FilePath { directory.appending("container.pid") }
  /// running or restarting, and since when.
  package var state: FilePath { directory.appending("state.json") }
  package var health: FilePath { directory.appending("health.json") }
  /// Where the runtime says what went wrong.
  var runtimeLog: FilePath { directory.appending("runtime.log") }
  package var runtimeRoot: FilePath { runRoot.appending("runtime") }
  package var log: FilePath { bundle.appending("log") }
  package var exit: FilePath { bundle.appending("exit") }
}

extension MonitorPlaces {
  /// Whether a monitor holds the container, be it that it does not listen yet.
  package var isHeld: Bool {
    do throws(SystemError) {
      _ = try FileLock(lock, .exclusive, waiting: false)
      return false
    } catch { return error.errno == .wouldBlock }
  }
}
