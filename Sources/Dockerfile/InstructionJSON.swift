extension Instruction: Decodable {
  package init(from decoder: any Decoder) throws {
    let name = try NameMember(from: decoder)
    let read = Reader(decoder: decoder)
    switch name.value {
    case "ADD": kind = .add(try read(AddInstruction.self, AddInstruction.memberNames))
    case "ARG": kind = .arg(try read(ArgInstruction.self, ArgInstruction.memberNames))
    case "CMD": kind = .cmd(try read(CmdInstruction.self, CmdInstruction.memberNames))
    case "COPY": kind = .copy(try read(CopyInstruction.self, CopyInstruction.memberNames))
    case "ENTRYPOINT": kind = .entrypoint(try read(EntrypointInstruction.self, EntrypointInstruction.memberNames))
    case "ENV": kind = .env(try read(EnvInstruction.self, EnvInstruction.memberNames))
    case "EXPOSE": kind = .expose(try read(ExposeInstruction.self, ExposeInstruction.memberNames))
    case "HEALTHCHECK": kind = .healthcheck(try read(HealthcheckInstruction.self, HealthcheckInstruction.memberNames))
    case "LABEL": kind = .label(try read(LabelInstruction.self, LabelInstruction.memberNames))
    case "MAINTAINER": kind = .maintainer(try read(MaintainerInstruction.self, MaintainerInstruction.memberNames))
    case "ONBUILD": kind = .onbuild(try read(OnbuildInstruction.self, OnbuildInstruction.memberNames))
    case "RUN": kind = .run(try read(RunInstruction.self, RunInstruction.memberNames))
    case "SHELL": kind = .shell(try read(ShellInstruction.self, ShellInstruction.memberNames))
    case "STOPSIGNAL": kind = .stopsignal(try read(StopsignalInstruction.self, StopsignalInstruction.memberNames))
    case "USER": kind = .user(try read(UserInstruction.self, UserInstruction.memberNames))
    case "VOLUME": kind = .volume(try read(VolumeInstruction.self, VolumeInstruction.memberNames))
    case "WORKDIR": kind = .workdir(try read(WorkdirInstruction.self, WorkdirInstruction.memberNames))
    case "FROM": throw name.fault("FROM begins a stage and cannot stand among a stage's instructions")
    default:
      let hint = suggest(name.value, among: Instruction.names, ignoringCase: true).map { " (did you mean '\($0)'?)" } ?? ""
      throw name.fault("unknown instruction '\(name.value)'\(hint)")
    }
    source = try InstructionSource(from: decoder)
  }

  func write(to members: inout MemberWriter) {
    writeInstruction(body, source, to: &members)
  }
}

extension Stage: Decodable {
  package init(from decoder: any Decoder) throws {
    let members = try Members(decoder, known: ["from", "instructions"])
    let located: LocatedFrom = try members.required("from")
    from = located.from
    source = located.source
    instructions = try members.list("instructions")
  }

  func write(to members: inout MemberWriter) {
    members.object("from") { writeInstruction(from, source, to: &$0) }
    members.objects("instructions", instructions, evenIfEmpty: true) { $0.write(to: &$1) }
  }
}

private struct LocatedFrom: Decodable {
  let from: FromInstruction
  let source: InstructionSource

  init(from decoder: any Decoder) throws {
    let name = try NameMember(from: decoder)
    guard name.value == "FROM" else { throw name.fault("a stage begins with FROM, not '\(name.value)'") }
    from = try Reader(decoder: decoder)(FromInstruction.self, FromInstruction.memberNames)
    source = try InstructionSource(from: decoder)
  }
}

private func writeInstruction(_ body: any InstructionBody, _ source: InstructionSource, to members: inout MemberWriter) {
  members.string("instruction", body.name)
  body.write(to: &members)
  members.strings("comments", source.comments)
  members.string("original", source.original)
  members.range("range", source.range)
  members.tokens("tokens", source.tokens)
}

/// Reads an instruction's own members; those of every instruction are known, too.
private struct Reader {
  let decoder: any Decoder

  func callAsFunction<T: InstructionBody>(_ type: T.Type, _ names: [String]) throws -> T {
    try T(from: Members(decoder, known: names + InstructionSource.memberNames + ["instruction"]))
  }
}

/// The `instruction` member alone.
private struct NameMember {
  let value: String
  private let container: KeyedDecodingContainer<Members.Key>

  init(from decoder: any Decoder) throws {
    container = try decoder.container(keyedBy: Members.Key.self)
    let key = Members.Key(stringValue: "instruction")
    value = try container.decode(String.self, forKey: key).uppercased()
  }

  func fault(_ message: String) -> DecodingError {
    .dataCorrupted(.init(codingPath: container.codingPath + [Members.Key(stringValue: "instruction")], debugDescription: message))
  }
}

extension InstructionSource: Decodable {
  static let memberNames = ["comments", "original", "range", "tokens"]

  package init(from decoder: any Decoder) throws {
    let container = try decoder.container(keyedBy: Members.Key.self)
    func optional<T: Decodable>(_ name: String) throws -> T? {
      try container.decodeIfPresent(T.self, forKey: Members.Key(stringValue: name))
    }
    comments = try optional("comments") ?? []
    original = try optional("original")
    range = try optional("range")
    tokens = try optional("tokens") ?? []
  }
}

extension Token: Decodable {
  package init(from decoder: any Decoder) throws {
    let members = try Members(decoder, known: ["kind", "range"])
    let name: String = try members.required("kind")
    guard let kind = Kind(rawValue: name) else { throw members.fault("unknown kind of token '\(name)'", at: "kind") }
    self.kind = kind
    range = try members.required("range")
  }
}

extension SourceRange: Decodable {
  package init(from decoder: any Decoder) throws {
    let members = try Members(decoder, known: ["start", "end"])
    start = try members.required("start")
    end = try members.required("end")
    if end.offset < start.offset || end.line < start.line { throw members.fault("a range cannot end before it starts", at: "end") }
  }
}

extension SourcePosition: Decodable {
  package init(from decoder: any Decoder) throws {
    let members = try Members(decoder, known: ["line", "column", "offset"])
    self.init(line: try members.required("line"), column: try members.required("column"), offset: try members.required("offset"))
    if line < 1 || column < 1 || offset < 0 { throw members.fault("lines and columns count from 1, offsets from 0") }
  }
}
