internal import JSON
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

/// A process that builds one stage: `layerctl build --stage INDEX`. It tells its progress in JSON on standard error, and the stage on
/// standard output.
final class StageProcess {
  let index: Int
  private let lane: Int
  private let id: Int32
  private let output: OwnedDescriptor
  private let events: OwnedDescriptor
  private let progress: Progress
  /// The steps' numbers, by those that the process gives them.
  private var numbers: [Int: Int] = [:]
  private var partial: [UInt8] = []
  /// What it said that is no event, the last line last: why it failed.
  private var words: [String] = []
  private var lastLines: [String] = []

  init(_ index: Int, lane: Int, _ arguments: [String], _ request: [UInt8], _ progress: Progress) throws(SystemError) {
    self.index = index
    self.lane = lane
    self.progress = progress
    output = try makeMemoryFile("stage")
    let input = try makeMemoryFile("request")
    try input.writeAll(request)
    try input.rewind()
    let pipe = try Pipe()
    id =
      try SpawnedCommand(
        try toolPath("layerctl"), ["layerctl"] + arguments + ["--stage", String(index)], input: .descriptor(input.rawValue),
        output: .descriptor(output.rawValue), error: .descriptor(pipe.writer.rawValue)
      ).id
    events = pipe.keepReader()
  }

  var descriptor: Int32 { events.rawValue }

  /// Takes what it has said; false at the end.
  func read() throws(SystemError) -> Bool {
    var chunk = [UInt8](repeating: 0, count: 32 << 10)
    var span = chunk.mutableSpan
    let count = try unsafe span.withUnsafeMutableBytes { (buffer) throws(SystemError) in try unsafe events.read(into: buffer) }
    for byte in chunk[..<count] {
      guard byte == UInt8(ascii: "\n") else {
        partial.append(byte)
        continue
      }
      take(partial)
      partial.removeAll(keepingCapacity: true)
    }
    return count > 0
  }

  private func take(_ line: [UInt8]) {
    guard line.first == UInt8(ascii: "{"), let event = try? JSONValue(parsing: line), let kind = event["event"]?.stringValue else {
      words.append(String(decoding: line, as: UTF8.self))
      return
    }
    let step = Int(event["step"]?.integerValue ?? 0)
    let number = numbers[step] ?? 0
    switch kind {
    case "step": numbers[step] = progress.open(event["name"]?.stringValue ?? "", place: event["place"]?.stringValue, lane: lane)
    case "done": progress.close(number, .done, layer(event))
    case "cached": progress.close(number, .cached, layer(event))
    case "failed":
      lastLines = progress.lines(of: number)
      progress.close(number, .failed, nil)
    case "output":
      let line = event["line"]?.stringValue ?? ""
      progress.add(line: line, to: number)
      progress.say(line, number)
    case "note": progress.note(event["text"]?.stringValue ?? "", number)
    case "warning": progress.warning(event["text"]?.stringValue ?? "")
    default: break
    }
  }

  private func layer(_ event: JSONValue) -> BuiltLayer? {
    guard let diffID = event["layer"]?.stringValue.flatMap({ Digest($0) }), let size = event["size"]?.integerValue else { return nil }
    return BuiltLayer(descriptor: Descriptor(mediaType: .layer, digest: diffID, size: Int64(size)), diffID: diffID)
  }

  /// Asks it to end: it ends its container and cleans up.
  func stop() { try? sendSignal(Signal.terminate, to: id) }

  /// The stage, once there is nothing more to read.
  func finish() throws(BuildError) -> StageRecord {
    let status = try reporting { try waitForProcess(id)?.status }
    if status == .exited(0) {
      return try attempting("stage \(index)") {
        try output.rewind()
        return try decodeJSON(StageRecord.self, from: try output.readAll())
      }
    }
    let prefix = "layerctl: "
    let reason = words.last { $0.hasPrefix(prefix) }.map { String($0.dropFirst(prefix.count)) }
    for word in words where !word.hasPrefix(prefix) { progress.warning(word) }
    let shown = progress.isSilent ? lastLines.map { "\n  " + $0 }.joined() : ""
    throw BuildError((reason ?? "stage \(index) ended without a word") + shown)
  }
}
