internal import Dockerfile

extension Build {
  func run(
    _ body: RunInstruction, _ expand: StageExpander, _ state: inout StageState, _ step: Step, _ stage: Int
  ) throws(BuildError) {
    throw BuildError("RUN is not supported yet")
  }
}
