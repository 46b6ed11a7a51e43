internal import Linux
internal import SystemPackage

/// What a program that was run to its end has said.
struct ToolOutput {
  let status: ExitStatus
  let output: [UInt8]
  let errors: [UInt8]

  /// Runs a program of the pipeline, or one on PATH.
  init(_ name: String, _ arguments: [String], environment: [String]? = nil) throws(SystemError) {
    let output = try makeMemoryFile("output")
    let errors = try makeMemoryFile("errors")
    status = try SpawnedCommand(
      try toolPath(name), [name] + arguments, environment: environment, input: .none, output: .descriptor(output.rawValue),
      error: .descriptor(errors.rawValue)
    ).wait()
    try output.rewind()
    try errors.rewind()
    self.output = try output.readAll()
    self.errors = try errors.readAll()
  }

  var text: String { String(decoding: output, as: UTF8.self) }

  /// The last line on standard error: why it failed, without the program's own name before it.
  func reason(_ name: String) -> String {
    let lines = String(decoding: errors, as: UTF8.self).split(separator: "\n")
    let line = lines.last { $0.hasPrefix("fatal: ") || $0.hasPrefix("error: ") } ?? lines.last ?? "it failed without a word"
    for prefix in ["fatal: ", "error: ", "\(name): "] where line.hasPrefix(prefix) { return String(line.dropFirst(prefix.count)) }
    return String(line)
  }
}
