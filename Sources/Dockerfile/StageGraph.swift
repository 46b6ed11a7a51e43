/// Which stage needs which: by FROM, by COPY --from and by RUN --mount=from.
package struct StageGraph: Hashable, Sendable {
  package enum Source: Hashable, Sendable {
    /// The index of a stage.
    case stage(Int)
    /// An image or a named context.
    case image(String)
    case scratch
  }

  package struct Need: Hashable, Sendable {
    package enum Reason: String, Sendable { case from = "FROM", copy = "COPY", mount = "RUN --mount" }
    package var source: Source
    package var reason: Reason
    /// The index of the instruction in the stage; nil for its FROM.
    package var instruction: Int?
  }

  /// For each stage what it needs, in the order of its instructions.
  package private(set) var needs: [[Need]]
  private var names: [String?]

  /// `arguments` are the global arguments' values for FROM. Names of stages are looked up as BuildKit does: in FROM by their letters
  /// and among earlier stages only, elsewhere in any case and by index.
  package init(_ document: DockerfileDocument, arguments: [String: String]) throws(WordExpansionError) {
    names = document.stages.map(\.from.stageName)
    needs = []
    let expander = WordExpander(escape: document.escape)
    for (index, stage) in document.stages.enumerated() {
      let image = try expander.expand(stage.from.image, arguments).result
      var found = [Need(source: source(ofImage: image, before: index), reason: .from, instruction: nil)]
      for (number, instruction) in stage.instructions.enumerated() {
        switch instruction.kind {
        case .copy(let copy):
          if let from = copy.from { found.append(Need(source: source(named: from), reason: .copy, instruction: number)) }
        case .run(let run):
          for mount in run.mounts {
            if let from = mount["from"], !from.isEmpty {
              found.append(Need(source: source(named: from), reason: .mount, instruction: number))
            }
          }
        default: break
        }
      }
      needs.append(found)
    }
  }

  private func source(ofImage image: String, before index: Int) -> Source {
    if let stage = names[..<index].lastIndex(of: image) { return .stage(stage) }
    return image == "scratch" ? .scratch : .image(image)
  }

  private func source(named name: String) -> Source {
    if let index = Int(name), names.indices.contains(index) { return .stage(index) }
    if let stage = stage(named: name) { return .stage(stage) }
    return name == "scratch" ? .scratch : .image(name)
  }

  /// The index of a stage by its name, whatever its case; the last one of several.
  package func stage(named name: String) -> Int? { names.lastIndex(of: name.lowercased()) }

  /// The stages that building `target` needs, itself included.
  package func needed(by target: Int) -> Set<Int> {
    var needed: Set<Int> = []
    var waiting = [target]
    while let stage = waiting.popLast() {
      guard needed.insert(stage).inserted else { continue }
      for need in needs[stage] { if case .stage(let other) = need.source { waiting.append(other) } }
    }
    return needed
  }
}

extension DockerfileDocument {
  /// The global arguments' values: automatic ones for `platform`, defaults, and what `given` says instead.
  package func globalValues(given: [String: String] = [:]) throws(WordExpansionError) -> [String: String] {
    var values = AutomaticArguments.values(target: stages.last?.from.stageName ?? "")
    let expander = WordExpander(escape: escape)
    for instruction in globalArguments {
      guard case .arg(let body) = instruction.kind else { continue }
      for argument in body.arguments {
        if let value = given[argument.name] {
          values[argument.name] = value
        } else if let value = argument.value {
          values[argument.name] = try expander.expand(value, values).result
        }
      }
    }
    return values
  }
}
