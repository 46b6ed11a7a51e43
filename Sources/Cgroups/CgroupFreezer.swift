internal import Linux
internal import SystemPackage

extension Cgroup {
  /// Stops every process until ``thaw()``; returns when all have stopped.
  package func freeze() throws(CgroupError) {
    if let freezer = legacy("freezer") { return try freezeLegacy(freezer) }
    guard let unified else { throw .noController(property: "pause", controller: "freezer") }
    try attempting("freeze") { () throws(SystemError) in try unified.write("1", to: "cgroup.freeze") }
    try awaitFrozen(unified, "1")
  }

  package func thaw() throws(CgroupError) {
    if let freezer = legacy("freezer") {
      return try attempting("thaw") { () throws(SystemError) in try freezer.write("THAWED", to: "freezer.state") }
    }
    guard let unified else { throw .noController(property: "resume", controller: "freezer") }
    try attempting("thaw") { () throws(SystemError) in try unified.write("0", to: "cgroup.freeze") }
  }

  /// Whether freezing was asked for, finished or not; by version 2 of the container's own directory only.
  package func isFrozen() throws(CgroupError) -> Bool {
    if let freezer = legacy("freezer") {
      return try attempting("state") { () throws(SystemError) in try freezer.read("freezer.state") } != "THAWED"
    }
    guard let unified else { return false }
    do { return try unified.read("cgroup.freeze") == "1" } catch  where error.errno == .noSuchFileOrDirectory {
      return false
    } catch { throw .system("state", error) }
  }

  /// A process being born while its siblings freeze can keep the state at FREEZING for ever (kernel,
  /// freezer-subsystem.rst): thaw and try again.
  private func freezeLegacy(_ freezer: Directory) throws(CgroupError) {
    let deadline = monotonicNanoseconds() + 10_000_000_000
    var round: UInt64 = 0
    do throws(SystemError) {
      while monotonicNanoseconds() < deadline {
        try freezer.write("FROZEN", to: "freezer.state")
        for _ in 0..<20 {
          if try freezer.read("freezer.state") == "FROZEN" { return }
          sleepNanoseconds(50_000 + round * 50_000)
        }
        if round % 5 == 4 {
          try freezer.write("THAWED", to: "freezer.state")
          sleepNanoseconds(10_000_000)
        }
        round += 1
      }
      try? freezer.write("THAWED", to: "freezer.state")
    } catch { throw .system("freeze", error) }
    throw .inUse("freeze: the processes of '\(freezer.path)' did not stop within 10 s")
  }

  private func awaitFrozen(_ unified: Directory, _ wanted: String) throws(CgroupError) {
    let deadline = monotonicNanoseconds() + 10_000_000_000
    var pause: UInt64 = 50_000
    while monotonicNanoseconds() < deadline {
      let events = try attempting("freeze") { () throws(SystemError) in try unified.read("cgroup.events") }
      if keyedValues(events)["frozen"] == UInt64(wanted) { return }
      sleepNanoseconds(pause)
      pause = min(pause * 2, 10_000_000)
    }
    try? unified.write("0", to: "cgroup.freeze")
    throw .inUse("freeze: the processes of '\(unified.path)' did not stop within 10 s")
  }
}

/// `name number` lines, as most of the statistics files are written.
func keyedValues(_ text: String) -> [String: UInt64] {
  var values: [String: UInt64] = [:]
  for line in text.split(separator: "\n") {
    let words = line.split(separator: " ")
    if words.count == 2 { values[String(words[0])] = UInt64(words[1]) }
  }
  return values
}
