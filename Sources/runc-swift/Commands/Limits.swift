internal import CommandSupport
internal import JSON
internal import Linux
internal import OCIRuntimeSpec
internal import Runtime
internal import SystemPackage

let pauseVerb = Verb("pause", "CONTAINER", "freeze every process of a container", operandCount: 1...1) { options in
  try Invocation.run("pause", options) { invocation in
    try invocation.container().pause()
    return ExitCode.success
  }
}

let resumeVerb = Verb("resume", "CONTAINER", "let a paused container go on", operandCount: 1...1) { options in
  try Invocation.run("resume", options) { invocation in
    try invocation.container().resume()
    return ExitCode.success
  }
}

let updateVerb = Verb(
  "update", "[OPTIONS] CONTAINER", "change the limits of a container",
  options: [
    .value(
      "resources", "r", placeholder: "FILE", help: "JSON of linux.resources; - is standard input; the other options then do not count"),
    .value("blkio-weight", placeholder: "N", help: "block IO weight, 10 to 1000"),
    .value("cpu-period", placeholder: "MICROSECONDS", help: "CPU bandwidth: period"),
    .value("cpu-quota", placeholder: "MICROSECONDS", help: "CPU bandwidth: quota"),
    .value("cpu-burst", placeholder: "MICROSECONDS", help: "CPU bandwidth: burst"),
    .value("cpu-share", placeholder: "N", help: "CPU shares"),
    .value("cpu-rt-period", placeholder: "MICROSECONDS", help: "real-time CPU bandwidth: period"),
    .value("cpu-rt-runtime", placeholder: "MICROSECONDS", help: "real-time CPU bandwidth: runtime"),
    .value("cpu-idle", placeholder: "N", help: "1 for SCHED_IDLE behaviour"),
    .value("cpuset-cpus", placeholder: "LIST", help: "CPUs"),
    .value("cpuset-mems", placeholder: "LIST", help: "memory nodes"),
    .value("memory", placeholder: "BYTES", help: "memory limit"),
    .value("memory-reservation", placeholder: "BYTES", help: "memory soft limit"),
    .value("memory-swap", placeholder: "BYTES", help: "limit of memory and swap together; -1 for none"),
    .value("kernel-memory", placeholder: "BYTES", help: "taken for runc's sake"),
    .value("kernel-memory-tcp", placeholder: "BYTES", help: "taken for runc's sake"),
    .value("pids-limit", placeholder: "N", help: "number of processes"),
    .value("l3-cache-schema", placeholder: "TEXT", help: "resctrl: cache allocation"),
    .value("mem-bw-schema", placeholder: "TEXT", help: "resctrl: memory bandwidth"),
  ], operandCount: 1...1
) { options in
  try Invocation.run("update", options) { invocation in
    let container = try invocation.container()
    let (cache, bandwidth) = (options.value("l3-cache-schema"), options.value("mem-bw-schema"))
    if cache != nil || bandwidth != nil { try container.update(l3CacheSchema: cache, memBwSchema: bandwidth) }
    try container.update(try changedResources(invocation))
    return ExitCode.success
  }
}

private func changedResources(_ invocation: Invocation) throws -> Resources {
  let options = invocation.options
  if let file = options.value("resources") {
    let content = file == "-" ? try StandardStream.input.readAll() : try readFile(absolute(file))
    do { return try decodeJSON(Resources.self, from: content) } catch { throw RuntimeError.message("resources: \(error)") }
  }
  var resources = Resources()
  func number<T: FixedWidthInteger>(_ name: String, _ type: T.Type = T.self) throws -> T? {
    guard let text = options.value(name), !text.isEmpty else { return nil }
    guard let value = T(text) else { throw RuntimeError.message("invalid value for \(name): '\(text)'") }
    return value
  }
  var cpu = Resources.CPU()
  cpu.period = try number("cpu-period")
  cpu.quota = try number("cpu-quota")
  cpu.burst = try number("cpu-burst")
  cpu.shares = try number("cpu-share")
  cpu.realtimePeriod = try number("cpu-rt-period")
  cpu.realtimeRuntime = try number("cpu-rt-runtime")
  cpu.idle = try number("cpu-idle")
  cpu.cpus = options.value("cpuset-cpus")
  cpu.mems = options.value("cpuset-mems")
  resources.cpu = cpu
  var memory = Resources.Memory()
  memory.limit = try bytes("memory", options)
  memory.reservation = try bytes("memory-reservation", options)
  memory.swap = try bytes("memory-swap", options)
  resources.memory = memory
  if let limit = try number("pids-limit", Int64.self) { resources.pids = Resources.Pids(limit: limit) }
  if let weight = try number("blkio-weight", UInt16.self) {
    var blockIO = Resources.BlockIO()
    blockIO.weight = weight
    resources.blockIO = blockIO
  }
  return resources
}

/// `1048576`, `512k`, `64M`, `1g`, `-1`.
private func bytes(_ name: String, _ options: ParsedOptions) throws -> Int64? {
  guard let text = options.value(name), !text.isEmpty else { return nil }
  if text == "-1" { return -1 }
  var digits = text.lowercased()
  if digits.hasSuffix("b") { digits.removeLast() }
  let powers: [Character: Int64] = ["k": 10, "m": 20, "g": 30, "t": 40]
  let power = digits.last.flatMap { powers[$0] } ?? 0
  if power > 0 { digits.removeLast() }
  guard let number = Int64(digits), number >= 0, number <= Int64.max >> power else {
    throw RuntimeError.message("invalid value for \(name): '\(text)'")
  }
  return number << power
}

let eventsVerb = Verb(
  "events", "[OPTIONS] CONTAINER", "print what a container uses, and when it runs out of memory",
  options: [
    .flag("stats", help: "once"), .value("interval", placeholder: "DURATION", help: "between two lines (default 5s)"),
  ], operandCount: 1...1
) { options in
  try Invocation.run("events", options) { invocation in
    let container = try invocation.container()
    if container.status == .stopped { throw RuntimeError.message("container with id \(container.id) is not running") }
    if options.flag("stats") {
      printLine(try container.statisticsEvent())
      return ExitCode.success
    }
    let interval = options.value("interval") ?? "5s"
    guard let seconds = parseSeconds(interval), seconds > 0 else { throw RuntimeError.message("duration interval must be greater than 0") }
    try container.follow(every: Int(seconds * 1000)) { printLine($0) }
    return ExitCode.success
  }
}

/// Go's durations, as far as they are of use here: `500ms`, `5s`, `1m`.
private func parseSeconds(_ text: String) -> Double? {
  for (unit, scale) in [("ms", 0.001), ("s", 1.0), ("m", 60.0), ("h", 3600.0)] where text.hasSuffix(unit) {
    return Double(text.dropLast(unit.count)).map { $0 * scale }
  }
  return nil
}
