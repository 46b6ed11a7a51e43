import ArgumentParser
import CommandSupport
import Dockerfile
import Linux

/// `dfparse graph [FILE|-]`: stages and what they need, for Graphviz or Mermaid.
struct Graph: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case dot, mermaid }

  static let configuration = CommandConfiguration(abstract: "Draw the stages and what they need as DOT or Mermaid.")

  @OptionGroup var input: DockerfileInput
  @OptionGroup var arguments: BuildArguments

  @ArgumentParser.Option(help: "What to draw for: dot, mermaid.")
  var format = Format.dot

  @ArgumentParser.Option(help: ArgumentHelp("Only what this stage needs.", valueName: "stage"))
  var target: String?

  @Flag(help: "Draw the steps of each stage, too.")
  var steps = false

  func run() {
    let document = input.parse(input.read())
    let graph = arguments.graph(of: document, input)
    var drawing = Drawing(format: format, showsSteps: steps)
    let shown = arguments.stages(graph, document, target, input)
    for index in document.stages.indices where shown.contains(index) { drawing.add(document.stages[index], index, graph.needs[index]) }
    writeOutput(Array(drawing.text.utf8))
  }
}

/// `--build-arg`, for commands that expand FROM.
struct BuildArguments: ParsableArguments {
  @ArgumentParser.Option(help: ArgumentHelp("The value of a global argument.", valueName: "name=value"))
  var buildArg: [String] = []

  func validate() throws {
    for argument in buildArg where !argument.contains("=") { throw ValidationError("--build-arg '\(argument)': expected NAME=VALUE") }
  }

  func graph(of document: DockerfileDocument, _ input: DockerfileInput) -> StageGraph {
    var given: [String: String] = [:]
    for argument in buildArg {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      given[String(parts[0])] = String(parts[1])
    }
    do { return try StageGraph(document, arguments: document.globalValues(given: given)) } catch { fail("\(input.name): \(error)") }
  }

  /// The stages that a target needs, all where none is named.
  func stages(_ graph: StageGraph, _ document: DockerfileDocument, _ target: String?, _ input: DockerfileInput) -> Set<Int> {
    guard let target else { return Set(document.stages.indices) }
    if let index = graph.stage(named: target) ?? Int(target).flatMap({ document.stages.indices.contains($0) ? $0 : nil }) {
      return graph.needed(by: index)
    }
    let hint = document.stages.compactMap(\.from.stageName).first { editDistance($0, target) < 3 }.map { " (did you mean '\($0)'?)" } ?? ""
    fail("\(input.name): no stage is named '\(target)'\(hint)")
  }
}
