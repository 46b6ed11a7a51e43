internal import Linux
internal import SystemPackage

/// One life of the container's process, from create to its end.
final class ContainerRun {
  let pid: Int32
  let process: OwnedDescriptor
  /// Standard output, or the terminal.
  var output: OwnedDescriptor?
  var error: OwnedDescriptor?
  /// Standard input's pipe; a terminal takes input by ``output``.
  var input: OwnedDescriptor?
  let isTerminal: Bool
  var isStarted = false
  var startedAt = Timestamp.now
  let began = monotonicNanoseconds()
  /// Input that the container has not taken yet.
  var pendingInput: [UInt8] = []
  /// Close the pipe once that is taken.
  var closesInput = false
  var ended: ExitStatus?
  /// When to stop waiting for output of processes that outlive the first.
  var drainDeadline: UInt64?
  /// Where the kernel counts the processes killed for want of memory.
  let memoryEvents: FilePath?

  init(
    pid: Int32, output: consuming OwnedDescriptor, error: consuming OwnedDescriptor?, input: consuming OwnedDescriptor?, isTerminal: Bool
  )
    throws(SystemError)
  {
    self.pid = pid
    process = try openProcess(pid)
    try output.setNonBlocking()
    self.output = consume output
    self.error = consume error
    self.input = consume input
    self.isTerminal = isTerminal
    memoryEvents = memoryEventsFile(pid)
    if let error = self.error?.rawValue { try setNonBlocking(error) }
    if let input = self.input?.rawValue { try setNonBlocking(input) }
  }

  /// Whether the process is gone and all that it wrote is read, or waited for long enough.
  var isOver: Bool {
    guard ended != nil else { return false }
    return (output == nil && error == nil) || drainDeadline.map { $0 <= monotonicNanoseconds() } ?? false
  }

  /// How much input is kept for a container that does not read it: its clients are not heard until it does.
  static let longestInput = 64 << 10
  var isInputFull: Bool { pendingInput.count > Self.longestInput }

  /// Whether the kernel killed one of the container's processes for want of memory.
  var isOutOfMemory: Bool {
    guard let memoryEvents, let text = try? readFile(memoryEvents, limit: 64 << 10) else { return false }
    for line in String(decoding: text, as: UTF8.self).split(separator: "\n") {
      let words = line.split(separator: " ")
      if words.count == 2, words[0] == "oom_kill" { return words[1] != "0" }
    }
    return false
  }
}

/// memory.oom_control or memory.events of the memory cgroup that process `pid` is in (cgroups(7), /proc/pid/cgroup).
private func memoryEventsFile(_ pid: Int32) -> FilePath? {
  guard let table = try? readFile(FilePath("/proc/\(pid)/cgroup")) else { return nil }
  var unified: FilePath?
  for line in String(decoding: table, as: UTF8.self).split(separator: "\n") {
    let fields = line.split(separator: ":", maxSplits: 2, omittingEmptySubsequences: false)
    guard fields.count == 3, !fields[2].contains("/..") else { continue }
    let path = FilePath(String(fields[2].drop { $0 == "/" }))
    if fields[1].split(separator: ",").contains("memory") {
      return FilePath("/sys/fs/cgroup").appending(String(fields[1])).pushing(path).appending("memory.oom_control")
    }
    if fields[1].isEmpty { unified = FilePath("/sys/fs/cgroup").pushing(path).appending("memory.events") }
  }
  return unified
}
