internal import CommandSupport
internal import JSON
internal import Linux

/// Tells on standard error how a build goes.
package final class Progress {
  package enum Form: String, Sendable, CaseIterable { case plain, tty, quiet, json }

  private let form: Form
  private var number = 0
  /// The step under way.
  private(set) var name = ""
  private(set) var place: String?
  private var display = LiveDisplay()
  private var started: UInt64 = 0
  /// Output of the step under way that has no line end yet.
  private var partial: [UInt8] = []
  /// The last lines of the step under way.
  private(set) var lastLines: [String] = []
  /// How many of them a failure shows.
  private static let shown = 20

  package init(_ form: Form) { self.form = form }

  /// Nobody sees a step's output while it runs.
  var isSilent: Bool { form == .quiet }

  func begin(_ name: String, place: String?) {
    number += 1
    self.name = name
    self.place = place
    started = monotonicNanoseconds()
    lastLines = []
    partial = []
    write("#\(number) \(name)", event: "step", ["name": .string(name), "place": place.map { .string($0) } ?? .null])
  }

  func cached() {
    if form == .tty { return display.finish("CACHED \(name)", seconds: "0.0") }
    write("#\(number) CACHED\n", event: "cached", [:])
  }

  /// Time passes while a step says nothing: the live display's clock goes on.
  func tick() { if form == .tty { redraw() } }

  private func redraw() { display.draw(name, seconds: seconds, output: lastLines) }

  func done() {
    let text = seconds
    if form == .tty { return display.finish(name, seconds: text) }
    write("#\(number) DONE \(text)s\n", event: "done", ["seconds": .string(text)])
  }

  func failed() {
    flush()
    if form == .tty { return display.finish("ERROR \(name)", seconds: seconds) }
    write("#\(number) ERROR\n", event: "failed", [:])
  }

  /// Output of a container.
  func output(_ bytes: some Sequence<UInt8>) {
    for byte in bytes {
      if byte == UInt8(ascii: "\n") { flush(always: true) } else if partial.count < 1 << 16 { partial.append(byte) }
    }
  }

  func flush() { flush(always: false) }

  private func flush(always: Bool) {
    if partial.isEmpty, !always { return }
    let line = String(decoding: partial, as: UTF8.self)
    partial.removeAll(keepingCapacity: true)
    lastLines.append(line)
    if lastLines.count > Self.shown { lastLines.removeFirst() }
    write("#\(number) \(seconds) \(line)", event: "output", ["line": .string(line)])
  }

  func note(_ text: String) {
    if form == .tty { lastLines.append(text) }
    write("#\(number) \(text)", event: "note", ["text": .string(text)])
  }

  package func warning(_ message: String) {
    if form == .json { return write("", event: "warning", ["text": .string(message)]) }
    if form == .tty { display.clear() }
    Diagnostics.warning(message)
  }

  private var seconds: String {
    let tenths = (monotonicNanoseconds() - started) / 100_000_000
    return "\(tenths / 10).\(tenths % 10)"
  }

  private func write(_ text: String, event: String, _ members: JSONObject) {
    switch form {
    case .quiet: return
    case .tty: redraw()
    case .plain: try? StandardStream.error.write(text + "\n")
    case .json:
      var object: JSONObject = ["event": .string(event), "step": .integer(number)]
      for (key, value) in members { object[key] = value }
      try? StandardStream.error.write("\(JSONValue.object(object))\n")
    }
  }
}
