internal import Dockerfile

/// `[builder 2/7]`: which step of how many of its stage.
final class StepCount {
  private let stage: String
  private let total: Int
  private var done = 0

  init(_ planned: PlannedStage, _ graph: BuildGraph, triggers: Int) {
    stage = graph.stages.count == 1 ? "" : planned.name + " "
    total = triggers + planned.stage.instructions.count { Self.isStep($0) }
  }

  static func isStep(_ instruction: Instruction) -> Bool {
    switch instruction.kind {
    case .add, .copy, .run, .workdir: true
    default: false
    }
  }

  func next() -> String {
    done += 1
    return "[\(stage)\(done)/\(max(total, done))]"
  }
}
