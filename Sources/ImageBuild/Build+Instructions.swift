internal import Dockerfile

extension Build {
  /// Carries out one instruction. Its errors have no place yet.
  func run(
    _ instruction: Instruction, in planned: PlannedStage, _ state: inout StageState, _ steps: StepCount
  ) throws(BuildError) {
    if try explainUnknown(instruction, in: planned, &state, steps) { return }
    // RUN does so with its mounts.
    if StepCount.isStep(instruction), instruction.name != "RUN" { try breakHere(instruction.source, state, nil, StepMounts()) }
    let expand = StageExpander(document.escape, state.environment)
    switch instruction.kind {
    case .arg(let body): try state.apply(body, document.escape, global: global, given: options.buildArguments)
    case .cmd(let body): state.apply(body)
    case .entrypoint(let body): state.apply(body)
    case .env(let body): try state.apply(body, expand)
    case .expose(let body): try state.apply(body, expand)
    case .healthcheck(let body): state.apply(body)
    case .label(let body): try state.apply(body, expand)
    case .maintainer(let body): state.apply(body)
    case .onbuild(let body): state.apply(body)
    case .shell(let body): state.apply(body)
    case .stopsignal(let body): try state.apply(body, expand)
    case .user(let body): try state.apply(body, expand)
    case .volume(let body): try state.apply(body, expand)
    case .workdir(let body): try workdir(body, expand, &state, Step(instruction, steps, options))
    case .copy(let body): try copy(body, expand, &state, Step(instruction, steps, options), planned.index)
    case .add(let body): try add(body, expand, &state, Step(instruction, steps, options))
    case .run(let body): try run(body, expand, &state, Step(instruction, steps, options), planned.index)
    }
  }
}

/// An instruction that makes a layer, as progress shows it.
struct Step {
  private let count: String
  let place: String
  let source: InstructionSource

  init(_ instruction: Instruction, _ steps: StepCount, _ options: BuildOptions) {
    count = steps.next()
    place = options.place(instruction.source)
    source = instruction.source
  }

  func title(_ text: String) -> String {
    let line = text.split(separator: "\n", maxSplits: 1, omittingEmptySubsequences: false)[0]
    return "\(count) \(line.count < text.count ? line + " …" : line)"
  }
}
