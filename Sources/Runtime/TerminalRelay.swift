internal import Linux
internal import SystemPackage

/// Between the user's terminal, on the standard streams, and the container's.
final class TerminalRelay {
  private let primary: Int32
  private var saved: TerminalSettings?
  private var isInputOpen = true
  private var isOutputOpen = true

  init(_ primary: Int32) throws(SystemError) {
    self.primary = primary
    if StandardStream.input.isTerminal {
      saved = try Terminal.makeRaw(0, processingOutput: true)
      resize()
    }
  }

  var descriptors: [Int32] { (isInputOpen ? [0] : []) + (isOutputOpen ? [primary] : []) }

  func resize() {
    if let size = try? Terminal.windowSize(0), size.rows > 0 { try? Terminal.setWindowSize(primary, size) }
  }

  /// Moves what is there to read on `descriptor` to the other side.
  func transfer(_ descriptor: Int32) {
    let target: Int32 = descriptor == 0 ? primary : 1
    let moved = (try? copyChunk(from: descriptor, to: target)) ?? 0
    if moved > 0 { return }
    if descriptor == 0 {
      isInputOpen = false
      // The end of input is a character on a terminal (termios(3), VEOF).
      if !StandardStream.input.isTerminal { try? writeBytes([4], to: primary) }
    } else {
      isOutputOpen = false
    }
  }

  /// What the container wrote before it ended.
  func drain() {
    while isOutputOpen, (try? waitReadable([primary], milliseconds: 0))?.isEmpty == false { transfer(primary) }
  }

  func restore() { if let saved { try? Terminal.setSettings(0, saved) } }
}
