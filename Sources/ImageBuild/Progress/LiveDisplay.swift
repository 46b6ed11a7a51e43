internal import Linux

/// A build's progress on a terminal: a finished step stays as one line with its time, the steps under way show their time and the
/// last lines of their output, drawn over again as they change.
struct LiveDisplay {
  /// Lines that the next drawing takes back.
  private var drawn = 0
  /// How many lines of output are shown below a step.
  private static let shown = 5

  /// A step under way.
  struct Line {
    let step: String
    let seconds: String
    let output: [String]

    init(_ step: String, _ seconds: String, _ output: [String]) {
      self.step = step
      self.seconds = seconds
      self.output = output
    }
  }

  /// The steps under way, as many as the terminal has room for.
  mutating func draw(_ steps: [Line]) {
    let (width, height) = size
    var text = takenBack
    drawn = 0
    let shown = steps.count > 1 ? min(Self.shown, max(0, (height - 2) / steps.count - 1)) : Self.shown
    for step in steps.prefix(max(1, height - 2)) {
      text += line(" => \(step.step)", step.seconds, width)
      let tail = step.output.suffix(shown)
      for said in tail { text += "\u{1B}[2m" + fitted("    \(said)", width - 1) + "\u{1B}[0m\n" }
      drawn += 1 + tail.count
    }
    write(text)
  }

  /// A step's last word; what was drawn before gives way.
  mutating func finish(_ step: String, seconds: String) {
    write(takenBack + line(" => \(step)", seconds, size.columns))
    drawn = 0
  }

  /// Clears what is not final, so that somebody else may write a line.
  mutating func clear() {
    write(takenBack)
    drawn = 0
  }

  private var takenBack: String { drawn == 0 ? "" : "\u{1B}[\(drawn)A\u{1B}[0J" }

  private var size: (columns: Int, rows: Int) {
    guard let size = try? Terminal.windowSize(StandardStream.error.rawValue), size.columns > 20 else { return (80, 24) }
    return (Int(size.columns), size.rows > 2 ? Int(size.rows) : 24)
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
