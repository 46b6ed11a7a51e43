internal import JSON
internal import Linux
internal import SystemPackage

/// Why a signal will do nothing to a process, in words that its name may follow; nil where it may do something.
///
/// The kernel drops a signal that the first process of a pid namespace has no handler for (pid_namespaces(7)), and one that is
/// ignored; `SigCgt`, `SigBlk` and `SigIgn` of proc_pid_status(5) tell beforehand. A blocked one waits, so it counts as taken, and so
/// does one that the process may be waiting for. A process on its way into such a wait is not seen there: ask twice.
package func whyDeaf(process pid: Int32, to signal: Int32) -> String? {
  guard signal != Signal.kill, let text = try? readFile(FilePath("/proc/\(pid)/status"), limit: 64 << 10), !Signal.isAwaited(by: pid)
  else { return nil }
  return whyDeaf(status: String(decoding: text, as: UTF8.self), signal: signal)
}

func whyDeaf(status: String, signal: Int32) -> String? {
  var masks: [Substring: UInt64] = [:]
  var isInit = false
  for line in status.split(separator: "\n") {
    let words = line.split { $0 == "\t" || $0 == " " || $0 == ":" }
    guard let name = words.first, words.count > 1 else { continue }
    if name == "NSpid" { isInit = words.count > 2 && words.last == "1" }
    if name.hasPrefix("Sig") { masks[name] = UInt64(words[1], radix: 16) }
  }
  func has(_ name: Substring) -> Bool { (masks[name] ?? 0) & 1 << UInt64(signal - 1) != 0 }
  if masks["SigCgt"] == nil || has("SigCgt") || has("SigBlk") { return nil }
  if has("SigIgn") { return "its process ignores" }
  return isInit ? "its process 1 has no handler for" : nil
}

/// Ends a container whose monitor is gone: what it was is in the runtime's state, and how it ends nobody can tell but us.
package func stopWithoutMonitor(_ places: MonitorPlaces) throws(MonitorError) {
  let state = places.runtimeRoot.appending(places.id).appending("state.json")
  guard let content = try? readFile(state, limit: 1 << 20) else { return }
  try RuntimeCommand(places: places).delete()
  var record = ExitRecord(exitCode: 137, finishedAt: Timestamp.now.rfc3339)
  record.error = "the container's monitor was gone"
  record.startedAt = (try? JSONValue(parsing: content))?["created"]?.stringValue
  try record.write(places.exit)
}
