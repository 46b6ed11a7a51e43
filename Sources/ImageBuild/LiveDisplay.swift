internal import Linux

/// A build's progress on a terminal: a finished step stays as one line with its time, the step under way shows its time and the last
/// lines of its output, drawn over again as they change.
struct LiveDisplay {
  /// Lines that the next drawing takes back.
  private var drawn = 0
  /// How many lines of output are shown below a step.
  private static let shown = 5

  /// The step under way.
  mutating func draw(_ step: String, seconds: String, output: [String]) {
    let width = columns
    var text = takenBack + line(" => \(step)", seconds, width)
    let tail = output.suffix(Self.shown)
    for said in tail { text += "\u{1B}[2m" + fitted("    \(said)", width - 1) + "\u{1B}[0m\n" }
    drawn = 1 + tail.count
    write(text)
  }

  /// The step's last word; what was drawn of it before gives way.
  mutating func finish(_ step: String, seconds: String) {
    write(takenBack + line(" => \(step)", seconds, columns))
    drawn = 0
  }

  /// Clears what is not final, so that somebody else may write a line.
  mutating func clear() {
    write(takenBack)
    drawn = 0
  }

  private var takenBack: String { drawn == 0 ? "" : "\u{1B}[\(drawn)A\u{1B}[0J" }

  private var columns: Int {
    guard let size = try? Terminal.windowSize(StandardStream.error.rawValue), size.columns > 20 else { return 80 }
    return Int(size.columns)
  }

  private func line(_ left: String, _ seconds: String, _ width: Int) -> String {
    let right = " \(seconds)s"
    let left = fitted(left, width - right.count - 1)
    return left + String(repeating: " ", count: max(0, width - 1 - left.count - right.count)) + right + "\n"
  }

  /// Cut to the width, without control characters: a container's output must not steer the terminal.
  private func fitted(_ text: String, _ width: Int) -> String {
    let clean = String(String.UnicodeScalarView(text.unicodeScalars.filter { $0.value >= 32 && !(127..<160).contains($0.value) }))
    return clean.count <= width ? clean : String(clean.prefix(max(0, width - 1))) + "…"
  }

  private func write(_ text: String) { try? StandardStream.error.write(text) }
}
