internal import CommandSupport
internal import JSON
internal import Linux
internal import SystemPackage

/// Messages as runc writes them: logrus's text or JSON lines, to a file or to standard error.
struct Log {
  enum Level: String { case debug, info, warning, error }

  let path: FilePath?
  let isJSON: Bool
  let isVerbose: Bool

  init(_ options: ParsedOptions) throws(UsageError) {
    path = options.value("log").flatMap { $0.isEmpty ? nil : FilePath($0) }
    switch options.value("log-format") ?? "text" {
    case "text", "": isJSON = false
    case "json": isJSON = true
    case let other: throw UsageError("invalid log-format: \(other)")
    }
    isVerbose = options.flag("debug")
  }

  func write(_ level: Level, _ message: String) {
    if level == .debug, !isVerbose { return }
    let time = Timestamp(seconds: Timestamp.now.seconds).rfc3339
    let line: String
    if isJSON {
      line = (["level": .string(level.rawValue), "msg": .string(message), "time": .string(time)] as JSONValue).description
    } else {
      line = "time=\"\(time)\" level=\(level.rawValue) msg=\(JSONValue.string(message))"
    }
    guard let path else {
      try? StandardStream.error.write(line + "\n")
      return
    }
    // One write(2) for each line: several processes append to one file.
    try? openFile(path, [.writeOnly, .create, .append], mode: 0o644).writeAll(line + "\n")
    if level == .error { try? StandardStream.error.write(message + "\n") }
  }
}
