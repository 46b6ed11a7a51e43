internal import JSON
internal import Linux
internal import SystemPackage

/// The monitor's `state.json` under `$TOTE_RUN/monitor/<id>`: what it says of the container, as long as it lives itself.
struct MonitorState: Decodable, Sendable {
  /// running or restarting.
  var status: String
  /// The monitor's process.
  var monitor: Int32

  /// nil where there is no monitor. Its lock is not asked: who takes it, be it for a moment, keeps a new monitor from starting.
  static func read(_ id: String, _ places: Places) -> MonitorState? {
    let path = places.run.appending("monitor").appending(id).appending("state.json")
    guard let content = try? readFile(path, limit: 64 << 10), let state = try? decodeJSON(MonitorState.self, from: content),
      let content = try? readFile(FilePath("/proc/\(state.monitor)/stat"), limit: 4096)
    else { return nil }
    // Its name in parentheses, then what it does (proc_pid_stat(5)): a dead one may be there for as long as nobody has waited for it.
    let status = String(decoding: content, as: UTF8.self)
    return status.contains("(ctrmon) ") && !status.contains("(ctrmon) Z") && !status.contains("(ctrmon) X") ? state : nil
  }
}
