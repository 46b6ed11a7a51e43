import CommandSupport

/// A page about a build: its timeline, its layers by size, and what came from the cache.
struct BuildPage {
  private let steps: [ChromeTrace.Event]
  /// Microseconds.
  private let total: Int64
  private let lanes: [Int]

  init(_ trace: ChromeTrace) {
    steps = trace.traceEvents.filter { $0.ph == "X" }.sorted { ($0.ts ?? 0, $0.tid ?? 0) < ($1.ts ?? 0, $1.tid ?? 0) }
    total = max(1, steps.map { ($0.ts ?? 0) + ($0.dur ?? 0) }.max() ?? 1)
    lanes = Set(steps.map { $0.tid ?? 0 }).sorted()
  }

  var html: String {
    let cached = steps.count { $0.args?.outcome == "cached" }
    let failed = steps.count { $0.args?.outcome == "failed" }
    let bytes = layers.map(\.size).reduce(0, +)
    return """
      <!doctype html>
      <html lang="en">
      <meta charset="utf-8">
      <meta name="viewport" content="width=device-width, initial-scale=1">
      <title>A build of \(steps.count) steps</title>
      <style>
      :root { color-scheme: light dark; --done: #2a78d6; --cached: #8a94a3; --failed: #d03b3b; --line: #8886; }
      body { font: 15px/1.45 system-ui, sans-serif; max-width: 72rem; margin: 2rem auto; padding: 0 1rem; }
      h1 { font-size: 1.4rem } h2 { font-size: 1.1rem; margin-top: 2rem }
      table { border-collapse: collapse; width: 100% }
      th, td { text-align: left; padding: .2rem .6rem .2rem 0; border-bottom: 1px solid var(--line); vertical-align: top }
      td.number, th.number { text-align: right; font-variant-numeric: tabular-nums; white-space: nowrap }
      td.step { overflow-wrap: anywhere }
      svg { width: 100%; height: auto; font: 12px system-ui, sans-serif }
      svg text { fill: currentColor }
      .done { fill: var(--done) } .cached { fill: var(--cached) } .failed { fill: var(--failed) } .rule { stroke: var(--line) }
      </style>
      <h1>A build of \(steps.count) steps in \(seconds(total))</h1>
      <p>\(cached) of \(steps.count) came from the cache\(failed == 0 ? "" : ", \(failed) failed"). \
      \(layers.count) layers hold \(humanSize(bytes)).</p>
      <h2>Timeline</h2>
      \(timeline)
      <h2>Steps</h2>
      <table>
      <tr><th>Step<th>Where<th>Outcome<th class="number">Began<th class="number">Took<th class="number">Layer</tr>
      \(steps.map(row).joined(separator: "\n"))
      </table>
      <h2>Layers by size</h2>
      \(layerChart)
      </html>

      """
  }

  /// A bar for each step, one below the other: what overlaps ran at the same time.
  private var timeline: String {
    let (left, width, height) = (420.0, 1000.0, 22.0)
    var marks = ""
    for tick in 0...4 {
      let x = left + (width - left - 60) * Double(tick) / 4
      marks += "<line class=\"rule\" x1=\"\(fixed(x))\" x2=\"\(fixed(x))\" y1=\"18\" y2=\"\(fixed(height * Double(steps.count) + 22))\"/>"
      marks += "<text x=\"\(fixed(x))\" y=\"12\" text-anchor=\"middle\">\(seconds(total * Int64(tick) / 4))</text>\n"
    }
    for (index, step) in steps.enumerated() {
      let y = 22 + height * Double(index)
      let scale = (width - left - 60) / Double(total)
      let x = left + Double(step.ts ?? 0) * scale
      let bar = max(2, Double(step.dur ?? 0) * scale)
      marks += "<text x=\"0\" y=\"\(fixed(y + 14))\">\(escaped(cut(step.name, 62)))</text>"
      marks += "<rect class=\"\(outcome(step))\" rx=\"2\" x=\"\(fixed(x))\" y=\"\(fixed(y + 3))\" width=\"\(fixed(bar))\" height=\"14\">"
      marks += "<title>\(escaped(step.name)): \(seconds(step.dur ?? 0))\(lanes.count > 1 ? ", lane \(step.tid ?? 0)" : "")</title></rect>\n"
    }
    return "<svg viewBox=\"0 0 1000 \(fixed(height * Double(steps.count) + 30))\" role=\"img\" aria-label=\"Timeline\">\n\(marks)</svg>"
  }

  private func row(_ step: ChromeTrace.Event) -> String {
    let size = step.args?.size.map { humanSize($0) } ?? ""
    return "<tr><td class=\"step\">\(escaped(step.name))<td>\(escaped(step.args?.place ?? ""))<td>\(outcome(step))"
      + "<td class=\"number\">\(seconds(step.ts ?? 0))<td class=\"number\">\(seconds(step.dur ?? 0))<td class=\"number\">\(size)</tr>"
  }

  /// Each layer once, the largest first.
  private var layers: [(name: String, size: Int64)] {
    var seen: Set<String> = []
    return steps.compactMap { step in
      guard let layer = step.args?.layer, let size = step.args?.size, seen.insert(layer).inserted else { return nil }
      return (step.name, size)
    }.sorted { $0.size > $1.size }
  }

  private var layerChart: String {
    let layers = layers
    guard let largest = layers.first?.size, largest > 0 else { return "<p>None.</p>" }
    var marks = ""
    for (index, layer) in layers.enumerated() {
      let y = 22.0 * Double(index)
      let bar = max(2, 460 * Double(layer.size) / Double(largest))
      marks += "<text x=\"0\" y=\"\(fixed(y + 14))\">\(escaped(cut(layer.name, 62)))</text>"
      marks += "<rect class=\"done\" rx=\"2\" x=\"420\" y=\"\(fixed(y + 3))\" width=\"\(fixed(bar))\" height=\"14\"/>"
      marks += "<text x=\"\(fixed(430 + bar))\" y=\"\(fixed(y + 14))\">\(humanSize(layer.size))</text>\n"
    }
    return "<svg viewBox=\"0 0 1000 \(22 * layers.count + 8)\" role=\"img\" aria-label=\"Layers by size\">\n\(marks)</svg>"
  }

  private func outcome(_ step: ChromeTrace.Event) -> String {
    ["cached", "failed"].first { $0 == step.args?.outcome } ?? "done"
  }

  private func seconds(_ microseconds: Int64) -> String { fixedPoint(Double(microseconds) / 1e6, decimals: 2) + " s" }
  private func fixed(_ number: Double) -> String { fixedPoint(number, decimals: 1) }
  private func cut(_ text: String, _ count: Int) -> String { text.count <= count ? text : text.prefix(count - 1) + "…" }

  /// Names come from Dockerfiles, which may be anybody's.
  private func escaped(_ text: String) -> String {
    var escaped = ""
    for character in text {
      switch character {
      case "&": escaped += "&amp;"
      case "<": escaped += "&lt;"
      case ">": escaped += "&gt;"
      case "\"": escaped += "&quot;"
      default: escaped.append(character)
      }
    }
    return escaped
  }
}
