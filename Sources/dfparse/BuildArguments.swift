internal import CommandSupport
internal import Dockerfile

/// `--build-arg` and `--target`, for verbs that follow FROM.
struct BuildArguments {
  static let options: [Option] = [
    .list("build-arg", placeholder: "NAME=VALUE", help: "the value of a global argument"),
    .value("target", placeholder: "STAGE", help: "only what this stage needs, by name or number"),
  ]

  private let given: [String: String]
  private let target: String?

  init(_ parsed: ParsedOptions) throws(UsageError) {
    var given: [String: String] = [:]
    for argument in parsed.values("build-arg") {
      let parts = argument.split(separator: "=", maxSplits: 1, omittingEmptySubsequences: false)
      guard parts.count == 2, !parts[0].isEmpty else { throw UsageError("--build-arg '\(argument)': expected NAME=VALUE") }
      given[String(parts[0])] = String(parts[1])
    }
    self.given = given
    target = parsed.value("target")
  }

  /// The graph, and the stages that the target needs: all, or with `lastStage` those of the last one, where none is named.
  func graph(_ document: DockerfileDocument, _ input: DockerfileInput, lastStage: Bool = false) -> (StageGraph, stages: Set<Int>) {
    let graph: StageGraph
    do { graph = try StageGraph(document, arguments: document.globalValues(given: given)) } catch { fail("\(input.name): \(error)") }
    guard let target else {
      return (graph, lastStage ? graph.needed(by: document.stages.count - 1) : Set(document.stages.indices))
    }
    if let index = graph.stage(named: target) ?? Int(target).flatMap({ document.stages.indices.contains($0) ? $0 : nil }) {
      return (graph, graph.needed(by: index))
    }
    let near = document.stages.compactMap(\.from.stageName).first { editDistance($0, target) < 3 }
    fail("\(input.name): no stage is named '\(target)'" + (near.map { " (did you mean '\($0)'?)" } ?? ""))
  }
}
