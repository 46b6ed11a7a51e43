internal import Dockerfile

/// The text of a graph: a box a stage, an arrow a need.
struct Drawing {
  enum Format: String { case dot, mermaid }

  private let format: Format
  private let showsSteps: Bool
  private var nodes: [String] = []
  private var edges: [String] = []
  private var images: [String: String] = [:]

  init(format: Format, showsSteps: Bool) {
    self.format = format
    self.showsSteps = showsSteps
  }

  mutating func add(_ stage: Stage, _ index: Int, _ needs: [StageGraph.Need]) {
    let title = stage.from.stageName ?? "stage \(index)"
    let steps = stage.instructions.map { Self.shortened($0.summary) }
    switch format {
    case .dot where showsSteps:
      nodes.append("  subgraph cluster_\(index) {\n    label=\(Self.dot(title));")
      nodes.append("    stage\(index) [label=\(Self.dot("FROM " + stage.from.image))];")
      for (number, step) in steps.enumerated() { nodes.append("    stage\(index)_\(number) [label=\(Self.dot(step))];") }
      nodes.append("  }")
    case .dot: nodes.append("  stage\(index) [label=\(Self.dot(title))];")
    case .mermaid where showsSteps:
      nodes.append("  subgraph group\(index) [\(Self.mermaid(title))]\n    stage\(index)[\(Self.mermaid("FROM " + stage.from.image))]")
      for (number, step) in steps.enumerated() { nodes.append("    stage\(index)_\(number)[\(Self.mermaid(step))]") }
      nodes.append("  end")
    case .mermaid: nodes.append("  stage\(index)[\(Self.mermaid(title))]")
    }
    if showsSteps {
      for number in steps.indices { addEdge(number == 0 ? "stage\(index)" : "stage\(index)_\(number - 1)", "stage\(index)_\(number)", nil) }
    }
    for need in needs { add(need, stage: index) }
  }

  private mutating func add(_ need: StageGraph.Need, stage: Int) {
    let target = need.instruction.map { showsSteps ? "stage\(stage)_\($0)" : "stage\(stage)" } ?? "stage\(stage)"
    let source: String
    switch need.source {
    case .stage(let index): source = "end\(index)"
    case .image(let name): source = image(name)
    case .scratch: source = image("scratch")
    }
    addEdge(source, target, need.reason == .from ? nil : need.reason.rawValue)
  }

  private mutating func image(_ name: String) -> String {
    if let known = images[name] { return known }
    let id = "image\(images.count)"
    images[name] = id
    nodes.append(format == .dot ? "  \(id) [label=\(Self.dot(name)), shape=ellipse];" : "  \(id)([\(Self.mermaid(name))])")
    return id
  }

  private mutating func addEdge(_ source: String, _ target: String, _ label: String?) {
    let edge: String
    switch format {
    case .dot: edge = "  \(source) -> \(target)" + (label.map { " [label=\(Self.dot($0)), style=dashed]" } ?? "") + ";"
    case .mermaid: edge = "  \(source) " + (label.map { "-.->|\(Self.mermaid($0))|" } ?? "-->") + " \(target)"
    }
    if !edges.contains(edge) { edges.append(edge) }
  }

  /// The whole text. Needs of a stage point at its last step.
  var text: String {
    let resolved = edges.map { edge in
      guard let start = edge.firstRange(of: "  end") else { return edge }
      let number = edge[start.upperBound...].prefix { $0.isNumber }
      let last = lastNode(of: String(number))
      return "  " + last + edge[number.endIndex...]
    }
    let body = (nodes + resolved).joined(separator: "\n")
    return format == .dot
      ? "digraph dockerfile {\n  rankdir=LR;\n  node [shape=box];\n\(body)\n}\n" : "flowchart LR\n\(body)\n"
  }

  private func lastNode(of stage: String) -> String {
    let steps = nodes.count { $0.hasPrefix("    stage\(stage)_") }
    return showsSteps && steps > 0 ? "stage\(stage)_\(steps - 1)" : "stage\(stage)"
  }

  private static func dot(_ text: String) -> String {
    "\"" + text.replacing("\\", with: "\\\\").replacing("\"", with: "\\\"").replacing("\n", with: "\\n") + "\""
  }

  private static func mermaid(_ text: String) -> String {
    "\"" + text.replacing("&", with: "#amp;").replacing("\"", with: "#quot;").replacing("<", with: "#lt;").replacing(">", with: "#gt;")
      + "\""
  }

  private static func shortened(_ text: String) -> String {
    let line = text.split(separator: "\n", maxSplits: 1).first.map(String.init) ?? ""
    return line.count > 60 ? line.prefix(59) + "…" : line
  }
}
