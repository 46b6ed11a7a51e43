internal import Linux
package import OCIRuntimeSpec
internal import SystemPackage

extension ProcessPlan {
  /// Checks a process, of config.json or of the process.json that exec is given.
  /// `linux` is the container's, of which a few members concern every process.
  package init(_ process: Process, _ linux: LinuxConfiguration? = nil) throws(RuntimeError) {
    guard let arguments = process.args, !arguments.isEmpty else { throw .property("process.args", "args must not be empty") }
    if !process.cwd.hasPrefix("/") { throw .property("process.cwd", "Cwd must be an absolute path") }
    self.init(arguments: arguments, environment: try ProcessPlan.environment(process.env ?? []), workingDirectory: FilePath(process.cwd))
    hasTerminal = process.terminal ?? false
    if let size = process.consoleSize, size.height > 0 || size.width > 0 {
      consoleSize = WindowSize(rows: UInt16(clamping: size.height), columns: UInt16(clamping: size.width))
    }
    userID = process.user?.uid ?? 0
    groupID = process.user?.gid ?? 0
    additionalGroupIDs = process.user?.additionalGids ?? []
    umask = process.user?.umask
    noNewPrivileges = process.noNewPrivileges ?? false
    oomScoreAdjustment = process.oomScoreAdj
    if let value = oomScoreAdjustment, !(-1000...1000).contains(value) {
      throw .property("process.oomScoreAdj", "\(value) is not between -1000 and 1000")
    }
    appArmorProfile = process.apparmorProfile.flatMap { $0.isEmpty ? nil : $0 }
    selinuxLabel = process.selinuxLabel.flatMap { $0.isEmpty ? nil : $0 }
    var unknown: [String] = []
    capabilities = process.capabilities.map { CapabilityPlan($0, unknown: &unknown) }
    if !unknown.isEmpty { warnings.append("process.capabilities: ignoring unknown \(unknown.joined(separator: ", "))") }
    limits = try ProcessPlan.limits(process.rlimits ?? [])
    scheduler = try process.scheduler.map { (scheduler) throws(RuntimeError) in try Scheduler(scheduler) }
    scheduler?.processors = linux?.resources?.cpu?.cpus.flatMap { $0.isEmpty ? nil : $0 }
    ioPriority = try process.ioPriority.map { (priority) throws(RuntimeError) in try IOPriority(priority) }
    affinity.initial = try process.execCPUAffinity?.initial.flatMap { (text) throws(RuntimeError) in
      try processorMask(text, "process.execCPUAffinity.initial")
    }
    affinity.final = try process.execCPUAffinity?.final.flatMap { (text) throws(RuntimeError) in
      try processorMask(text, "process.execCPUAffinity.final")
    }
    memoryPolicy = try linux?.memoryPolicy.map { (policy) throws(RuntimeError) in try MemoryPolicy(policy) }
    if let personality = linux?.personality {
      if personality.flags?.isEmpty == false { throw .property("linux.personality.flags", "are not supported") }
      self.personality = personality.domain == .linux32 ? 0x0008 : 0
    }
  }

  /// The last of several assignments to a name counts, and one NUL byte would cut what follows.
  private static func environment(_ variables: [String]) throws(RuntimeError) -> [String] {
    var positions: [Substring: Int] = [:]
    var kept: [String] = []
    for (index, variable) in variables.enumerated() {
      guard let equals = variable.utf8.firstIndex(of: UInt8(ascii: "=")), equals != variable.utf8.startIndex else {
        throw .property("process.env[\(index)]", "'\(variable)' is not NAME=VALUE")
      }
      if variable.utf8.contains(0) { throw .property("process.env[\(index)]", "contains a zero byte") }
      let name = variable[..<equals]
      if let position = positions[name] {
        kept[position] = variable
      } else {
        positions[name] = kept.count
        kept.append(variable)
      }
    }
    return kept
  }

  private static func limits(_ rlimits: [Process.Rlimit]) throws(RuntimeError) -> [Limit] {
    var limits: [Limit] = []
    for (index, rlimit) in rlimits.enumerated() {
      let property = "process.rlimits[\(index)]"
      let name = rlimit.type.rawValue
      guard let number = ResourceLimitNames.numbers[name] else { throw .property("\(property).type", "'\(name)' is not a resource limit") }
      if limits.contains(where: { $0.number == number }) { throw .property("\(property).type", "'\(name)' is there twice") }
      if rlimit.soft > rlimit.hard { throw .property(property, "\(name): soft \(rlimit.soft) is above hard \(rlimit.hard)") }
      limits.append(Limit(property: property, name: name, number: number, soft: rlimit.soft, hard: rlimit.hard))
    }
    return limits
  }
}

extension CapabilityPlan {
  /// Names that the kernel's list does not have are left out and named in `unknown`: they cannot be granted, which is a warning.
  package init(_ capabilities: Process.Capabilities, unknown: inout [String]) {
    self.init()
    bounding = CapabilityPlan.set(capabilities.bounding, &unknown)
    effective = CapabilityPlan.set(capabilities.effective, &unknown)
    permitted = CapabilityPlan.set(capabilities.permitted, &unknown)
    inheritable = CapabilityPlan.set(capabilities.inheritable, &unknown)
    ambient = CapabilityPlan.set(capabilities.ambient, &unknown)
  }

  private static func set(_ names: [String]?, _ unknown: inout [String]) -> CapabilitySet {
    var set = CapabilitySet()
    for name in names ?? [] {
      if let number = CapabilitySet.number(name) {
        set.insert(CapabilitySet(number: number))
      } else if !unknown.contains(name) {
        unknown.append(name)
      }
    }
    return set
  }
}

extension ProcessPlan.Scheduler {
  init(_ scheduler: Process.Scheduler) throws(RuntimeError) {
    let numbers: [Process.Scheduler.Policy: UInt32] = [.other: 0, .fifo: 1, .rr: 2, .batch: 3, .iso: 4, .idle: 5, .deadline: 6]
    let bits: [Process.Scheduler.Flag: UInt64] = [
      .resetOnFork: 1, .reclaim: 2, .deadlineOverrun: 4, .keepPolicy: 8, .keepParameters: 0x10, .utilizationClampMinimum: 0x20,
      .utilizationClampMaximum: 0x40,
    ]
    let nice = scheduler.nice ?? 0
    if !(-20...19).contains(nice) { throw .property("process.scheduler.nice", "\(nice) is not between -20 and 19") }
    let priority = scheduler.priority ?? 0
    if priority != 0, scheduler.policy != .fifo, scheduler.policy != .rr {
      throw .property("process.scheduler.priority", "is for SCHED_FIFO and SCHED_RR alone")
    }
    if scheduler.policy != .deadline, scheduler.runtime ?? 0 != 0 || scheduler.deadline ?? 0 != 0 || scheduler.period ?? 0 != 0 {
      throw .property("process.scheduler", "runtime, deadline and period are for SCHED_DEADLINE alone")
    }
    guard let priority = UInt32(exactly: priority) else { throw .property("process.scheduler.priority", "is negative") }
    self.init(
      policy: numbers[scheduler.policy] ?? 0, flags: (scheduler.flags ?? []).reduce(0) { $0 | (bits[$1] ?? 0) }, nice: nice,
      priority: priority,
      runtime: scheduler.runtime ?? 0, deadline: scheduler.deadline ?? 0, period: scheduler.period ?? 0)
  }
}

extension ProcessPlan.IOPriority {
  init(_ priority: Process.IOPriority) throws(RuntimeError) {
    guard (0...7).contains(priority.priority) else {
      throw .property("process.ioPriority.priority", "\(priority.priority) is not between 0 and 7")
    }
    let numbers: [Process.IOPriority.Class: Int32] = [.realTime: 1, .bestEffort: 2, .idle: 3]
    self.init(class: numbers[priority.class] ?? 0, level: Int32(priority.priority))
  }
}

/// The bytes of a processor mask for a list such as `0-3,7` (cpuset(7), "List format"); nil for an empty one.
func processorMask(_ list: String, _ property: String) throws(RuntimeError) -> [UInt8]? {
  if list.isEmpty { return nil }
  var mask = [UInt8](repeating: 0, count: 128)
  for part in list.split(separator: ",", omittingEmptySubsequences: false) {
    let ends = part.split(separator: "-", omittingEmptySubsequences: false).map { Int($0.trimmingBlanks) }
    guard ends.count <= 2, let first = ends[0], let last = ends.last ?? nil, first <= last, first >= 0, last < mask.count * 8 else {
      throw .property(property, "'\(list)' is not a list of processors")
    }
    for number in first...last { mask[number / 8] |= 1 << UInt8(number % 8) }
  }
  // sched_setaffinity(2) takes whole words.
  while mask.count > 8, mask.suffix(8).allSatisfy({ $0 == 0 }) { mask.removeLast(8) }
  return mask
}

/// The mask as one number.
func hexadecimal(_ mask: [UInt8]) -> String {
  let digits = mask.reversed().map { ($0 < 16 ? "0" : "") + String($0, radix: 16) }.joined()
  return String(digits.drop { $0 == "0" })
}

extension Substring {
  fileprivate var trimmingBlanks: Substring {
    var text = self
    while text.first == " " { text.removeFirst() }
    while text.last == " " { text.removeLast() }
    return text
  }
}
