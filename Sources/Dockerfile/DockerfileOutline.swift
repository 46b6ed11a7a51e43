/// What a build of some stages can be told: arguments, secrets, agents, caches.
package struct DockerfileOutline: Hashable, Sendable {
  package struct Argument: Hashable, Sendable {
    package var name: String
    package var value: String?
    /// From a comment `# name text` above the ARG.
    package var description: String?
  }

  package struct Credential: Hashable, Sendable {
    package var name: String
    package var isRequired: Bool
  }

  /// In the order of the file; one that stands in several stages once.
  package private(set) var arguments: [Argument] = []
  package private(set) var secrets: [Credential] = []
  package private(set) var ssh: [Credential] = []
  /// Names of cache mounts.
  package private(set) var caches: [String] = []

  /// `stages` are indices.
  package init(_ document: DockerfileDocument, stages: Set<Int>) {
    for instruction in document.globalArguments { add(instruction, document) }
    for index in document.stages.indices where stages.contains(index) {
      for instruction in document.stages[index].instructions { add(instruction, document) }
    }
  }

  private mutating func add(_ instruction: Instruction, _ document: DockerfileDocument) {
    switch instruction.kind {
    case .arg(let body): for argument in body.arguments { add(argument, document.description(of: argument.name, in: instruction.source)) }
    case .run(let body): for mount in body.mounts { add(mount) }
    default: break
    }
  }

  private mutating func add(_ argument: ArgInstruction.Argument, _ description: String?) {
    guard let index = arguments.firstIndex(where: { $0.name == argument.name }) else {
      arguments.append(Argument(name: argument.name, value: argument.value, description: description))
      return
    }
    arguments[index].value = arguments[index].value ?? argument.value
    arguments[index].description = arguments[index].description ?? description
  }

  private mutating func add(_ mount: Mount) {
    let isRequired = mount["required"].map { $0.isEmpty || goBool($0) == true } ?? false
    switch mount["type"]?.lowercased() {
    case "secret":
      let target = mount["target"].flatMap { $0.split(separator: "/").last.map { String($0) } }
      Self.merge(Credential(name: mount["id"] ?? mount["source"] ?? target ?? "", isRequired: isRequired), into: &secrets)
    case "ssh": Self.merge(Credential(name: mount["id"] ?? "default", isRequired: isRequired), into: &ssh)
    case "cache":
      let name = mount["id"] ?? mount["target"] ?? ""
      if !caches.contains(name) { caches.append(name) }
    default: break
    }
  }

  private static func merge(_ credential: Credential, into list: inout [Credential]) {
    if let index = list.firstIndex(where: { $0.name == credential.name }) {
      list[index].isRequired = list[index].isRequired || credential.isRequired
    } else {
      list.append(credential)
    }
  }
}

extension DockerfileDocument {
  /// The text of a comment `# name text` above a definition.
  package func description(of name: String, in source: InstructionSource) -> String? {
    for comment in descriptions(source.comments) where comment.hasPrefix(name + " ") { return String(comment.dropFirst(name.count + 1)) }
    return nil
  }
}
