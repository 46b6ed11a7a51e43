internal import CommandSupport
internal import JSON
internal import Linux

/// Tells on standard error how a build goes.
package final class Progress {
  package enum Form: String, Sendable, CaseIterable { case plain, quiet, json }

  private let form: Form
  private var number = 0
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
    started = monotonicNanoseconds()
    lastLines = []
    partial = []
    write("#\(number) \(name)", event: "step", ["name": .string(name), "place": place.map { .string($0) } ?? .null])
  }

  func cached() { write("#\(number) CACHED\n", event: "cached", [:]) }

  func done() {
    let text = seconds
    write("#\(number) DONE \(text)s\n", event: "done", ["seconds": .string(text)])
  }

  func failed() {
    flush()
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

  func note(_ text: String) { write("#\(number) \(text)", event: "note", ["text": .string(text)]) }

  package func warning(_ message: String) {
    if form == .json { write("", event: "warning", ["text": .string(message)]) } else { Diagnostics.warning(message) }
  }

  private var seconds: String {
    let tenths = (monotonicNanoseconds() - started) / 100_000_000
    return "\(tenths / 10).\(tenths % 10)"
  }

  private func write(_ text: String, event: String, _ members: JSONObject) {
    switch form {
    case .quiet: return
    case .plain: try? StandardStream.error.write(text + "\n")
    case .json:
      var object: JSONObject = ["event": .string(event), "step": .integer(number)]
      for (key, value) in members { object[key] = value }
      try? StandardStream.error.write("\(JSONValue.object(object))\n")
    }
  }
}
