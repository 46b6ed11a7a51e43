internal import ContentHash
internal import Dockerfile
internal import JSON
internal import OCIImageSpec

extension BuiltLayer {
  /// Stands for what a step would make that is not run.
  static let unknown: BuiltLayer = {
    let digest = contentDigest(of: Array("a layer that nobody has made".utf8))
    return BuiltLayer(descriptor: Descriptor(mediaType: .layer, digest: digest, size: 0), diffID: digest)
  }()
}

extension StageState {
  /// It comes of a step that has only been explained.
  var isUnknown: Bool { layers.contains { $0.digest == BuiltLayer.unknown.descriptor.digest } }
}

extension Build {
  /// Tells of a step, and gives its layer: of COPY, ADD and WORKDIR it is made, for it costs little and the steps below may be cached all
  /// the same; that of a RUN stays unknown.
  func explain(
    _ key: CacheKey, _ known: BuiltLayer?, _ explanation: Explanation, _ make: () throws(BuildError) -> BuiltLayer
  ) throws(BuildError) -> BuiltLayer {
    if let known {
      add(.cached, [])
      return known
    }
    let layer = key["kind"] == "run" ? BuiltLayer.unknown : try make()
    if cache.isIgnored {
      add(.runs, [options.noCache ? "--no-cache" : "--no-cache-filter"])
    } else {
      add(.runs, try missReasons(key, layer))
    }
    return layer
  }

  private func add(_ outcome: StepExplanation.Outcome, _ reasons: [String]) {
    explanation?.add(StepExplanation(name: progress.name, place: progress.place, outcome: outcome, reasons: reasons))
  }

  /// Explains a step whose root file system, or one that it takes from, is not known because a RUN before has not been run.
  func explainUnknown(
    _ instruction: Instruction, in planned: PlannedStage, _ state: inout StageState, _ steps: StepCount
  ) throws(BuildError) -> Bool {
    guard explanation != nil, StepCount.isStep(instruction) else { return false }
    var reason = "a step above it runs, and what comes of that is not known yet"
    if !state.isUnknown {
      var sources: [Int] = []
      for from in BuildGraph.sources(instruction) { if let source = try graph.source(from, in: planned.index) { sources.append(source) } }
      guard let source = sources.first(where: { stages[$0]?.isUnknown == true }) else { return false }
      reason = "stage '\(graph.stages[source].name)', which it takes from, has steps that run"
    }
    if case .workdir(let body) = instruction.kind {
      let path = Self.workingDirectory(try StageExpander(document.escape, state.environment)(body.path), state.workingDirectory)
      state.config.workingDir = path
      if path == "/" { return true }
    }
    let step = Step(instruction, steps, options)
    progress.begin(step.title(instruction.text(escape: document.escape)), place: step.place)
    add(.runs, [reason])
    state.commit("", layer: .unknown)
    return true
  }
}
