internal import Linux
internal import SystemPackage

/// Writes a container's log: every line reaches the file in the write in which it came, so that a monitor that is killed
/// loses none that it has read.
struct LogWriter: ~Copyable {
  private let path: FilePath
  private let options: LogOptions
  private var file: OwnedDescriptor?
  private var size = 0
  private var partitions: [LogLine.Stream: LinePartition] = [:]
  /// A write went through in part: the next one begins on a line of its own.
  private var isTorn = false

  init(_ path: FilePath, _ options: LogOptions) throws(MonitorError) {
    self.path = path
    self.options = options
    if options.isKept { try open() }
  }

  private mutating func open() throws(MonitorError) {
    let path = self.path
    let opened = try attempting("log") { () throws(SystemError) in
      try openFile(path, [.writeOnly, .create, .append, .noFollow], mode: 0o640)
    }
    size = Int((try? opened.status().size) ?? 0)
    file = consume opened
  }

  /// Keeps what the container wrote. A log that cannot be written (a full disk) loses lines, never the container.
  mutating func write(_ bytes: [UInt8], _ stream: LogLine.Stream) {
    keep(partitions[stream, default: LinePartition()].add(bytes), stream)
  }

  /// Keeps what is left of both streams when the container has ended.
  mutating func end() {
    for stream in [LogLine.Stream.stdout, .stderr] {
      if let rest = partitions[stream]?.end() { keep([rest], stream) }
    }
  }

  private mutating func keep(_ parts: [[UInt8]], _ stream: LogLine.Stream) {
    guard options.isKept, !parts.isEmpty else { return }
    let time = Timestamp.now.rfc3339
    var buffer: [UInt8] = isTorn ? [UInt8(ascii: "\n")] : []
    for part in parts {
      LogLine(text: part, stream: stream, time: time).write(to: &buffer)
      if let limit = options.maximumSize, size + buffer.count >= limit {
        flush(&buffer)
        rotate()
      }
    }
    flush(&buffer)
  }

  private mutating func flush(_ buffer: inout [UInt8]) {
    guard !buffer.isEmpty else { return }
    defer { buffer = [] }
    guard let descriptor = file?.rawValue else { return }
    let written = (try? writeAvailable(descriptor, buffer[...])) ?? 0
    size += written
    isTorn = written > 0 && written < buffer.count
  }

  /// `log` becomes `log.1`, that `log.2`, and so on; what would be one too many goes.
  private mutating func rotate() {
    guard let name = path.lastComponent?.string else { return }
    func numbered(_ number: Int) -> FilePath {
      number == 0 ? path : path.removingLastComponent().appending("\(name).\(number)")
    }
    try? removeFile(numbered(options.maximumFiles - 1))
    for number in stride(from: options.maximumFiles - 2, through: 0, by: -1) {
      try? renameFile(numbered(number), to: numbered(number + 1))
    }
    file = nil
    try? open()
  }
}
