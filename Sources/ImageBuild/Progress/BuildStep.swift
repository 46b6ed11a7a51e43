internal import JSON
internal import OCIImageSpec

/// How a step has ended.
package enum StepOutcome: String, Sendable { case done, cached, failed }

/// A step under way.
struct BuildStep {
  /// How many of its last lines are kept for a failure.
  private static let kept = 20

  let number: Int
  let name: String
  let place: String?
  /// What it is done by: 0 is this process, others are stages that are built at the same time.
  let lane: Int
  /// Monotonic nanoseconds.
  let started: UInt64
  private(set) var lastLines: [String] = []
  /// Output that has no line end yet.
  private var partial: [UInt8] = []

  init(number: Int, name: String, place: String?, lane: Int, started: UInt64) {
    self.number = number
    self.name = name
    self.place = place
    self.lane = lane
    self.started = started
  }

  /// Takes output, and gives the lines that are whole now.
  mutating func add(_ bytes: some Sequence<UInt8>) -> [String] {
    var lines: [String] = []
    for byte in bytes {
      if byte == UInt8(ascii: "\n") { lines.append(endLine()) } else if partial.count < 1 << 16 { partial.append(byte) }
    }
    return lines
  }

  /// The line that the output has ended in the midst of.
  mutating func flush() -> String? { partial.isEmpty ? nil : endLine() }

  mutating func add(line: String) {
    lastLines.append(line)
    if lastLines.count > Self.kept { lastLines.removeFirst() }
  }

  private mutating func endLine() -> String {
    defer { partial.removeAll(keepingCapacity: true) }
    let line = String(decoding: partial, as: UTF8.self)
    add(line: line)
    return line
  }
}

/// A step that has ended.
struct FinishedStep: Sendable {
  let name: String
  let place: String?
  let lane: Int
  /// Nanoseconds since the build began.
  let start: UInt64
  let end: UInt64
  let outcome: StepOutcome
  /// What it made, if a layer.
  let layer: BuiltLayer?
}
