internal import JSON
internal import Linux
internal import SystemPackage

/// What runc-swift's state.json says of a container, as far as a listing needs it.
struct RuntimeState: Decodable, Sendable {
  var pid: Int32
  /// Clock ticks after boot (proc_pid_stat(5), field 22).
  var startTime: UInt64
  /// RFC 3339.
  var created: String
  /// Controller to directory; the empty name is cgroup version 2.
  var cgroupPaths: [String: String]?

  /// nil where the runtime knows no such container, or is still creating it.
  static func read(_ id: String, _ places: Places) throws(BundleError) -> RuntimeState? {
    let path = places.runtimeState(id)
    let content: [UInt8]
    do { content = try readFile(path, limit: 16 << 20) } catch {
      if [.noSuchFileOrDirectory, .notDirectory].contains(error.errno) { return nil }
      throw .failed(attempt: "read the runtime's state", error)
    }
    do { return try decodeJSON(RuntimeState.self, from: content) } catch {
      throw .damaged(path: path.description, reason: error.description)
    }
  }

  /// Whether that very process is there and no zombie: its id may be another's by now, its start time not.
  var isAlive: Bool {
    guard let content = try? readFile(FilePath("/proc/\(pid)/stat"), limit: 4096),
      let end = content.lastIndex(of: UInt8(ascii: ")"))
    else { return false }
    // After the name in parentheses: state, then 18 more, then the start time.
    let fields = content[(end + 1)...].split(separator: UInt8(ascii: " ")).map { String(decoding: $0, as: UTF8.self).trimmed() }
    return fields.count > 19 && fields[0] != "Z" && fields[0] != "X" && UInt64(fields[19]) == startTime
  }

  /// Whether its cgroup is frozen.
  var isPaused: Bool {
    func text(_ directory: String?, _ name: String) -> String? {
      guard let directory, let content = try? readFile(FilePath(directory).appending(name), limit: 4096) else { return nil }
      return String(decoding: content, as: UTF8.self).trimmed()
    }
    return text(cgroupPaths?["freezer"], "freezer.state") == "FROZEN" || text(cgroupPaths?[""], "cgroup.freeze") == "1"
  }
}
