internal import JSON
internal import Linux
internal import SystemPackage

/// What a container has used up to one moment: `runc-swift events --stats` and its network's counters.
struct StatsSample: Sendable {
  /// Nanoseconds of processor time, and the moment they were read (`CLOCK_MONOTONIC`).
  let processor: UInt64
  let moment: UInt64
  /// Bytes; what the kernel could give back at once (inactive files) does not count.
  let memory: Int64
  let memoryLimit: Int64
  let processes: Int
  let blockRead: Int64
  let blockWritten: Int64
  let received: Int64
  let sent: Int64

  /// nil where the container does not run.
  init?(_ container: StoredContainer, _ state: ContainerState, _ places: Places) throws(BundleError) {
    guard state.pid != 0 else { return nil }
    let id = container.record.id
    let content = try attempting("read the statistics of container '\(shortID(id))'") { () throws(SystemError) -> [UInt8] in
      let output = try makeMemoryFile("stats")
      let root = places.run.appending("runtime").string
      let status = try SpawnedCommand(
        try toolPath("runc-swift"), ["runc-swift", "--root", root, "events", "--stats", id], input: .none,
        output: .descriptor(output.rawValue), error: .none
      ).wait()
      if status != .exited(0) { return [] }
      try output.rewind()
      return try output.readAll(limit: 4 << 20)
    }
    moment = monotonicNanoseconds()
    // It has ended meanwhile.
    guard let data = (try? JSONValue(parsing: content))?["data"] else { return nil }
    processor = data["cpu"]?["usage"]?["total"]?.numberValue?.integer(UInt64.self) ?? 0
    let use = data["memory"]?["usage"]
    let raw = data["memory"]?["raw"]
    let idle = raw?["total_inactive_file"]?.integerValue ?? raw?["inactive_file"]?.integerValue ?? 0
    memory = Int64(max((use?["usage"]?.integerValue ?? 0) - idle, 0))
    let most = Self.machineMemory()
    memoryLimit = use?["limit"]?.numberValue?.integer(Int64.self).map { $0 > 0 ? min($0, most) : most } ?? most
    processes = data["pids"]?["current"]?.integerValue ?? 0
    func bytes(_ operation: String) -> Int64 {
      (data["blkio"]?["ioServiceBytesRecursive"]?.arrayValue ?? []).reduce(0) { sum, entry in
        entry["op"]?.stringValue?.lowercased() == operation ? sum + Int64(entry["value"]?.integerValue ?? 0) : sum
      }
    }
    (blockRead, blockWritten) = (bytes("read"), bytes("write"))
    (received, sent) = Self.traffic(state.pid)
  }

  /// `MemTotal` of proc_meminfo(5).
  private static func machineMemory() -> Int64 {
    let text = (try? readFile("/proc/meminfo", limit: 64 << 10)).map { String(decoding: $0, as: UTF8.self) } ?? ""
    for line in text.split(separator: "\n") where line.hasPrefix("MemTotal:") {
      let words = line.split(separator: " ")
      if words.count > 1, let kilobytes = Int64(words[1]) { return kilobytes << 10 }
    }
    return 0
  }

  /// All interfaces of the process' network namespace but the loopback one (proc_pid_net(5), `dev`).
  private static func traffic(_ process: Int32) -> (received: Int64, sent: Int64) {
    let text = (try? readFile(FilePath("/proc/\(process)/net/dev"))).map { String(decoding: $0, as: UTF8.self) } ?? ""
    var sum = (received: Int64(0), sent: Int64(0))
    for line in text.split(separator: "\n").dropFirst(2) {
      let fields = line.split { $0 == " " || $0 == ":" }
      guard fields.count > 9, fields[0] != "lo" else { continue }
      sum.received += Int64(fields[1]) ?? 0
      sum.sent += Int64(fields[9]) ?? 0
    }
    return sum
  }
}
