internal import CommandSupport
internal import Dockerfile

/// A stage of the Dockerfile, its FROM expanded.
struct PlannedStage: Sendable {
  let index: Int
  let stage: Stage
  /// What FROM says, expanded.
  let base: String
  /// The stage that it is built from, if it is one.
  let baseStage: Int?
  let platform: String?

  /// `AS` name, or `stage-2`.
  var name: String { stage.from.stageName ?? "stage-\(index)" }
}

/// The stages and which need which.
struct BuildGraph: Sendable {
  private(set) var stages: [PlannedStage] = []
  /// The stage to build.
  let target: Int

  init(_ document: DockerfileDocument, _ options: BuildOptions) throws(BuildError) {
    let names = document.stages.map { $0.from.stageName }
    var target = document.stages.count - 1
    if let wanted = options.target, !wanted.isEmpty {
      guard let index = names.lastIndex(of: wanted.lowercased()) else {
        let known = names.compactMap { $0 }
        let nearest = known.min { editDistance($0, wanted) < editDistance($1, wanted) }
        let hint = nearest.map { editDistance($0, wanted) < 3 ? " (did you mean '\($0)'?)" : "" } ?? ""
        throw BuildError("target stage '\(wanted)' is not in '\(options.dockerfile)'\(hint)")
      }
      target = index
    }
    self.target = target
    let global = try document.globalArguments(options, target: names[target] ?? "")
    for (index, stage) in document.stages.enumerated() {
      do throws(BuildError) {
        let expand = StageExpander(document.escape, global)
        let base = try expand(stage.from.image)
        if base.isEmpty {
          throw BuildError("FROM '\(stage.from.image)': the base is empty; the ARG that it uses needs a value above the first FROM")
        }
        var platform: String?
        if let word = stage.from.platform {
          platform = try expand(word)
          if platform == "" { throw BuildError("FROM --platform='\(word)': the platform is empty") }
        }
        // A stage's name is matched as it is written: the last one above that has it.
        let baseStage = names[..<index].lastIndex(of: base)
        stages.append(PlannedStage(index: index, stage: stage, base: base, baseStage: baseStage, platform: platform))
      } catch { throw error.at(options.place(stage.source)) }
    }
  }

  /// The stage that `--from` means in stage `index`: by name in any case, or by number; nil for a context or an image. A stage that comes
  /// later is an error.
  func source(_ from: String, in index: Int) throws(BuildError) -> Int? {
    if let number = Int(from), number >= 0, String(number) == from {
      guard number < stages.count else { return nil }
      if number >= index { throw BuildError("--from=\(from): stage \(number) does not come before this one") }
      return number
    }
    let name = from.lowercased()
    if let found = stages[..<index].last(where: { $0.stage.from.stageName == name }) { return found.index }
    if stages[index...].contains(where: { $0.stage.from.stageName == name }) {
      throw BuildError("--from=\(from): the stage '\(from)' must be defined before it is used")
    }
    return nil
  }

  /// What the instruction takes from stages, contexts and images.
  static func sources(_ instruction: Instruction) -> [String] {
    switch instruction.kind {
    case .copy(let body): body.from.map { [$0] } ?? []
    case .run(let body): body.mounts.compactMap { $0["from"] }.filter { !$0.isEmpty }
    default: []
    }
  }

  /// The stages that the target needs, in order. ONBUILD triggers of images are not known here: what they need is built when met.
  func needed(_ options: BuildOptions) throws(BuildError) -> [Int] {
    var needed: Set<Int> = []
    var waiting = [target]
    while let index = waiting.popLast() {
      guard needed.insert(index).inserted else { continue }
      waiting += try dependencies(of: index, options)
    }
    return needed.sorted()
  }
}
