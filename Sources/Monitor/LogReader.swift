internal import JSON
package import Linux
package import SystemPackage

/// Reads a container's log back (docker logs).
package struct LogReader: Sendable {
  package struct Options: Sendable {
    /// Only that many of the last lines; nil for all.
    package var tail: Int?
    package var since: Timestamp?
    package var until: Timestamp?
    /// In front of each line its time.
    package var timestamps = false
    /// In front of each line what the log driver was told to add; a container's labels and the like.
    package var details = false
    package init() {}
  }

  let path: FilePath
  let options: Options

  package init(_ path: FilePath, _ options: Options) {
    self.path = path
    self.options = options
  }

  /// Every file of the log, the oldest first: `log.2`, `log.1`, `log`.
  private var files: [FilePath] {
    var rotated: [FilePath] = []
    let name = path.lastComponent?.string ?? ""
    while true {
      let next = path.removingLastComponent().appending("\(name).\(rotated.count + 1)")
      if (try? fileStatus(next, following: false)) == nil { break }
      rotated.append(next)
    }
    return rotated.reversed() + [path]
  }

  /// Prints what is there and gives the position behind it.
  package func printAll() throws(MonitorError) -> LogPosition {
    var lines: [LogLine] = []
    var position = LogPosition(path)
    for file in files {
      position = LogPosition(file)
      while case let more = try position.read(), !more.isEmpty {
        guard let tail = options.tail else {
          try print(more)
          continue
        }
        lines += more
        // Pieces of long lines count as lines here; four megabytes of one are enough to keep.
        let kept = tail.addingReportingOverflow(256).partialValue
        if kept > 0, lines.count > kept * 2 { lines.removeFirst(lines.count - kept) }
      }
    }
    // The tail counts lines, of which a part without a newline is only a piece.
    if let tail = options.tail {
      var wanted = tail
      var start = lines.endIndex
      while start > 0, wanted > 0 || !lines[start - 1].endsLine {
        if lines[start - 1].endsLine || start == lines.endIndex {
          if wanted == 0 { break }
          wanted -= 1
        }
        start -= 1
      }
      if tail == 0 { start = lines.endIndex }
      lines.removeFirst(start)
    }
    try print(lines)
    return position
  }

  package func print(_ lines: [LogLine]) throws(MonitorError) {
    var runs: [(LogLine.Stream, [UInt8])] = []
    for line in lines where isWanted(line) {
      var text: [UInt8] = []
      if options.timestamps { text += Array((line.time + " ").utf8) }
      if options.details { text.append(UInt8(ascii: " ")) }
      text += line.text
      if runs.last?.0 == line.stream { runs[runs.count - 1].1 += text } else { runs.append((line.stream, text)) }
    }
    for (stream, text) in runs {
      try attempting("logs") { () throws(SystemError) in
        try (stream == .stdout ? StandardStream.output : StandardStream.error).write(text)
      }
    }
  }

  private func isWanted(_ line: LogLine) -> Bool {
    guard options.since != nil || options.until != nil, let time = Timestamp(rfc3339: line.time) else { return true }
    if let since = options.since, time < since { return false }
    if let until = options.until, time > until { return false }
    return true
  }
}

extension LogLine {
  var endsLine: Bool { text.last == UInt8(ascii: "\n") }

  /// nil for what is no line of a log: one that was torn by a full disk, say.
  init?(json: [UInt8]) {
    guard let value = try? JSONValue(parsing: json), let text = value["log"]?.stringValue,
      let stream = value["stream"]?.stringValue.flatMap(Stream.init(rawValue:)), let time = value["time"]?.stringValue
    else { return nil }
    self.init(text: Array(text.utf8), stream: stream, time: time)
  }
}

/// A place in one file of a log, up to which it has been read.
package struct LogPosition: Sendable {
  private let path: FilePath
  private var offset: Int64 = 0
  private var inode: UInt64?

  init(_ path: FilePath) { self.path = path }

  /// The next whole lines behind the position, about a megabyte at most; goes on at the start where the file was put aside for a new one.
  package mutating func read() throws(MonitorError) -> [LogLine] {
    do throws(SystemError) {
      let file = try openFile(path, .readOnly)
      let status = try file.status()
      if let inode, inode != status.inode || status.size < offset { offset = 0 }
      inode = status.inode
      if status.size == offset { return [] }
      try file.seek(to: offset)
      let content = try readAvailable(file.rawValue, limit: 1 << 20) ?? []
      guard let last = content.lastIndex(of: UInt8(ascii: "\n")) else { return [] }
      offset += Int64(last + 1)
      return content[..<last].split(separator: UInt8(ascii: "\n")).compactMap { LogLine(json: Array($0)) }
    } catch {
      if error.errno == .noSuchFileOrDirectory { return [] }
      throw .system("logs", error)
    }
  }
}
