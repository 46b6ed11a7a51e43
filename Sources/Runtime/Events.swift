internal import Cgroups
internal import JSON
internal import Linux

extension Container {
  /// One `stats` event as a line of JSON, runc's shape.
  package func statisticsEvent() throws(RuntimeError) -> String {
    guard let cgroup = try cgroup() else { throw .message("container has no cgroup") }
    do throws(CgroupError) {
      return try event("stats", try cgroup.statistics())
    } catch { throw .message("\(error)") }
  }

  private func event(_ type: String, _ data: CgroupStatistics) throws(CgroupError) -> String {
    let text: [UInt8]
    do { text = try encodeJSON(data) } catch { throw .inUse("statistics: \(error)") }
    // The members are ours and the id has no character that JSON escapes.
    return "{\"type\":\"\(type)\",\"id\":\"\(id)\",\"data\":\(String(decoding: text, as: UTF8.self))}"
  }

  /// Events until the container ends: statistics every `milliseconds`, and each time its memory runs out.
  package func follow(every milliseconds: Int, _ write: (String) -> Void) throws(RuntimeError) {
    guard let cgroup = try cgroup(), let process = try openProcess() else { throw .message("container with id \(id) is not running") }
    var notification: OOMNotification?
    // A machine without a memory controller has statistics all the same.
    do { notification = try OOMNotification(cgroup) } catch { notification = nil }
    var next = monotonicNanoseconds() + UInt64(milliseconds) * 1_000_000
    while true {
      let now = monotonicNanoseconds()
      if now >= next {
        write(try statisticsEvent())
        next = now + UInt64(milliseconds) * 1_000_000
      }
      var watched = [process.rawValue]
      if let descriptor = notification?.descriptor.rawValue { watched.append(descriptor) }
      let left = Int32(clamping: (next - min(now, next)) / 1_000_000 + 1)
      let ready = try attempting("events") { () throws(SystemError) in try waitReadable(watched, milliseconds: left) }
      if ready.contains(process.rawValue) { return }
      guard !ready.isEmpty else { continue }
      do throws(CgroupError) {
        switch try notification?.next() {
        case .oom: write("{\"type\":\"oom\",\"id\":\"\(id)\"}")
        case .ended: return
        case .nothing, nil: continue
        }
      } catch { throw .message("\(error)") }
    }
  }
}
