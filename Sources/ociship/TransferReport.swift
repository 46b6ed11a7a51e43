import CommandSupport
import ImageTransfer
import Linux
import OCIImageSpec

/// Shows on standard error how a transfer comes on, in docker's words: on a terminal a line for each layer that changes in place,
/// elsewhere a line for each layer that is done. Several threads report to it.
final class TransferReport: Sendable {
  /// What is said of a layer on its way and at its end.
  struct Words: Sendable {
    let waiting, under, done, exists: String

    static let pull = Words(waiting: "Pulling fs layer", under: "Downloading", done: "Download complete", exists: "Already exists")
    static let push = Words(waiting: "Preparing", under: "Pushing", done: "Pushed", exists: "Layer already exists")
    static let copy = Words(waiting: "Waiting", under: "Copying", done: "Copied", exists: "Already exists")
  }

  private struct Lines {
    var order: [Digest] = []
    var text: [Digest: String] = [:]
    var isDrawn = false
    var drawn: UInt64 = 0
  }

  private let words: Words
  private let quiet: Bool
  /// Columns of the terminal; nil where there is none.
  private let columns: Int?
  private let rows: Int
  private let lines = Monitored(Lines())

  /// A layer is settled when it has been fetched, or, where it is to be unpacked, when that has been done.
  init(_ words: Words, quiet: Bool) {
    self.words = words
    self.quiet = quiet
    let size = StandardStream.error.isTerminal ? try? Terminal.windowSize(StandardStream.error.rawValue) : nil
    columns = size.map { $0.columns == 0 ? 80 : Int($0.columns) }
    rows = size.map { $0.rows == 0 ? 24 : Int($0.rows) } ?? 0
  }

  func callAsFunction(_ event: TransferEvent) {
    if quiet { return }
    lines.withLock { lines in
      switch event {
      case .planned(let layers):
        lines.order = layers.map(\.digest)
        for layer in layers { lines.text[layer.digest] = words.waiting }
        redraw(&lines)
      case .progress(let layer, let bytes): progress(layer, words.under, bytes, &lines)
      case .exists(let layer): settle(layer, words.exists, &lines)
      case .mounted(let layer, let source): settle(layer, "Mounted from \(source)", &lines)
      case .done(let layer): settle(layer, words.done, &lines)
      case .unpacking(let layer): show(layer, "Extracting", &lines)
      case .unpacked(let layer): settle(layer, "Pull complete", &lines)
      }
    }
  }

  private func progress(_ layer: Descriptor, _ word: String, _ bytes: Int64, _ lines: inout Lines) {
    let now = monotonicNanoseconds()
    // Every layer's bytes count, not every one of their pieces is worth a redrawing.
    lines.text[layer.digest] = "\(word) \(bar(bytes, of: layer.size))  \(humanSize(bytes))/\(humanSize(layer.size))"
    guard now - lines.drawn > 100_000_000 else { return }
    redraw(&lines)
  }

  private func show(_ layer: Descriptor, _ text: String, _ lines: inout Lines) {
    lines.text[layer.digest] = text
    redraw(&lines)
  }

  private func settle(_ layer: Descriptor, _ text: String, _ lines: inout Lines) {
    guard lines.order.contains(layer.digest) else { return }
    if isLive(lines) { show(layer, text, &lines) } else { write("\(short(layer.digest)): \(text)\n") }
  }

  private func bar(_ bytes: Int64, of size: Int64) -> String {
    let width = 50
    let full = size > 0 ? Int(min(bytes, size) * Int64(width) / size) : width
    return "[" + String(repeating: "=", count: full) + (full < width ? ">" + String(repeating: " ", count: width - full - 1) : "") + "]"
  }

  /// Lines can only be drawn again that have not left the screen.
  private func isLive(_ lines: Lines) -> Bool { columns != nil && lines.order.count < rows }

  private func redraw(_ lines: inout Lines) {
    guard let columns, isLive(lines), !lines.order.isEmpty else { return }
    lines.drawn = monotonicNanoseconds()
    var text = lines.isDrawn ? "\u{1B}[\(lines.order.count)A" : ""
    for digest in lines.order { text += "\r\u{1B}[K" + "\(short(digest)): \(lines.text[digest] ?? "")".prefix(columns - 1) + "\n" }
    lines.isDrawn = true
    write(text)
  }

  private func short(_ digest: Digest) -> String { String(digest.encoded.prefix(12)) }
  private func write(_ text: String) { try? StandardStream.error.write(text) }
}
