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
      let name = try? readFile(FilePath("/proc/\(state.monitor)/comm"), limit: 64), name.elementsEqual("ctrmon\n".utf8)
    else { return nil }
    return state
  }
}
