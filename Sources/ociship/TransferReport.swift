import CommandSupport
import ImageTransfer
import Linux
import OCIImageSpec

/// Shows on standard error how a transfer comes on, in docker's words: a line for each layer, and on a terminal what it has come to.
final class TransferReport {
  private let verb: (done: String, exists: String, under: String)
  private let quiet: Bool
  private let live = StandardStream.error.isTerminal
  private var shown: UInt64 = 0

  init(_ done: String, exists: String, under: String, quiet: Bool) {
    verb = (done, exists, under)
    self.quiet = quiet
  }

  func callAsFunction(_ event: TransferEvent) {
    if quiet { return }
    switch event {
    case .started: break
    case .progress(let descriptor, let bytes):
      let now = monotonicNanoseconds()
      guard live, now - shown > 100_000_000 else { return }
      shown = now
      write("\r\u{1B}[K\(short(descriptor)): \(verb.under) \(humanSize(bytes))/\(humanSize(descriptor.size))", line: false)
    case .exists(let descriptor): write("\(clear)\(short(descriptor)): \(verb.exists)")
    case .mounted(let descriptor, let source): write("\(clear)\(short(descriptor)): Mounted from \(source)")
    case .done(let descriptor): write("\(clear)\(short(descriptor)): \(verb.done)")
    }
  }

  private var clear: String { live ? "\r\u{1B}[K" : "" }
  private func short(_ descriptor: Descriptor) -> String { String(descriptor.digest.encoded.prefix(12)) }
  private func write(_ text: String, line: Bool = true) { try? StandardStream.error.write(line ? text + "\n" : text) }
}
