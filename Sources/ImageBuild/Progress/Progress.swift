internal import CommandSupport
internal import JSON
internal import Linux
internal import OCIImageSpec

/// Tells on standard error how a build goes.
package final class Progress {
  package enum Form: String, Sendable, CaseIterable { case plain, tty, quiet, json }

  private let form: Form
  private let began = monotonicNanoseconds()
  private var number = 0
  /// The step of this process.
  private var current = 0
  private var steps: [Int: BuildStep] = [:]
  private(set) var finished: [FinishedStep] = []
  private var display = LiveDisplay()

  package init(_ form: Form) { self.form = form }

  /// Nobody sees a step's output while it runs.
  var isSilent: Bool { form == .quiet }

  /// Of this process's step.
  var name: String { steps[current]?.name ?? "" }
  var place: String? { steps[current]?.place }
  var lastLines: [String] { steps[current]?.lastLines ?? [] }

  func begin(_ name: String, place: String?) { current = open(name, place: place, lane: 0) }

  func done(_ layer: BuiltLayer? = nil) { close(current, .done, layer) }

  func cached(_ layer: BuiltLayer? = nil) { close(current, .cached, layer) }

  func failed() {
    flush()
    close(current, .failed, nil)
  }

  /// Time passes while steps say nothing: the live display's clock goes on.
  func tick() { redraw() }

  /// Output of this process's container.
  func output(_ bytes: some Sequence<UInt8>) {
    for line in steps[current]?.add(bytes) ?? [] { say(line, current) }
  }

  func flush() { if let line = steps[current]?.flush() { say(line, current) } }

  func note(_ text: String) { note(text, current) }

  /// Makes way for somebody else on the terminal.
  func pause(_ why: String) {
    if form == .tty {
      display.clear()
      try? StandardStream.error.write("\(why)\n")
    } else {
      note(why)
    }
  }

  package func warning(_ message: String) {
    if form == .json { return write("", current, "warning", ["text": .string(message)]) }
    if form == .tty { display.clear() }
    Diagnostics.warning(message)
    redraw()
  }
}

// What happens to any step, of this process or of another.
extension Progress {
  func open(_ name: String, place: String?, lane: Int) -> Int {
    number += 1
    steps[number] = BuildStep(number: number, name: name, place: place, lane: lane, started: monotonicNanoseconds())
    write("#\(number) \(name)", number, "step", ["name": .string(name), "place": place.map { .string($0) } ?? .null])
    return number
  }

  func close(_ number: Int, _ outcome: StepOutcome, _ layer: BuiltLayer?) {
    guard let step = steps.removeValue(forKey: number) else { return }
    let now = monotonicNanoseconds()
    finished.append(
      FinishedStep(
        name: step.name, place: step.place, lane: step.lane, start: step.started - began, end: now - began, outcome: outcome, layer: layer))
    let seconds = Self.seconds(since: step.started)
    var members: JSONObject = [:]
    if outcome == .done { members["seconds"] = .string(seconds) }
    if let layer {
      members["layer"] = .string("\(layer.diffID)")
      members["size"] = .integer(layer.descriptor.size)
    }
    switch outcome {
    case .done: write("#\(number) DONE \(seconds)s\n", number, "done", members, final: step.name)
    case .cached: write("#\(number) CACHED\n", number, "cached", members, final: "CACHED \(step.name)")
    case .failed: write("#\(number) ERROR\n", number, "failed", members, final: "ERROR \(step.name)")
    }
  }

  /// A line of a step's output.
  func say(_ line: String, _ number: Int) {
    let seconds = steps[number].map { Self.seconds(since: $0.started) } ?? "0.0"
    write("#\(number) \(seconds) \(line)", number, "output", ["line": .string(line)])
  }

  func lines(of number: Int) -> [String] { steps[number]?.lastLines ?? [] }

  func add(line: String, to number: Int) { steps[number]?.add(line: line) }

  func note(_ text: String, _ number: Int) {
    steps[number]?.add(line: text)
    write("#\(number) \(text)", number, "note", ["text": .string(text)])
  }

  fileprivate static func seconds(since start: UInt64) -> String {
    let tenths = (monotonicNanoseconds() - start) / 100_000_000
    return "\(tenths / 10).\(tenths % 10)"
  }

  fileprivate func redraw() {
    guard form == .tty else { return }
    display.draw(
      steps.values.sorted { $0.number < $1.number }.map { LiveDisplay.Line($0.name, Self.seconds(since: $0.started), $0.lastLines) })
  }

  /// `final` is the step's last line on a terminal.
  private func write(_ text: String, _ number: Int, _ event: String, _ members: JSONObject, final: String? = nil) {
    switch form {
    case .quiet: return
    case .tty:
      if let final, let last = finished.last { display.finish(final, seconds: Self.seconds(last.end - last.start)) }
      redraw()
    case .plain: try? StandardStream.error.write(text + "\n")
    case .json:
      let milliseconds = (monotonicNanoseconds() - began) / 1_000_000
      var object: JSONObject = ["event": .string(event), "step": .integer(number), "time": .integer(milliseconds)]
      for (key, value) in members { object[key] = value }
      try? StandardStream.error.write("\(JSONValue.object(object))\n")
    }
  }

  private static func seconds(_ nanoseconds: UInt64) -> String { "\(nanoseconds / 1_000_000_000).\(nanoseconds / 100_000_000 % 10)" }
}
