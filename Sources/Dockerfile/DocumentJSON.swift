extension DockerfileDocument: Decodable {
  package init(from decoder: any Decoder) throws {
    let members = try Members(decoder, known: ["escape", "directives", "globalArguments", "stages", "trailing"])
    let character: String = try members.optional("escape") ?? EscapeCharacter.backslash.rawValue
    guard let escape = EscapeCharacter(rawValue: character) else {
      throw members.fault("invalid escape character '\(character)', expected \\ or `", at: "escape")
    }
    self.escape = escape
    directives = try members.list("directives")
    globalArguments = try members.list("globalArguments")
    for argument in globalArguments {
      guard case .arg = argument.kind else {
        throw members.fault("only ARG may stand before the first FROM, not \(argument.name)", at: "globalArguments")
      }
    }
    stages = try members.required("stages")
    if stages.isEmpty { throw members.fault("there is no stage to build", at: "stages") }
    trailing = try members.list("trailing")
  }

  /// The document as JSON, ended by a newline.
  package func json(pretty: Bool) -> [UInt8] {
    var bytes: [UInt8] = []
    writeJSON(pretty: pretty) { bytes += $0 }
    return bytes
  }

  /// The same in pieces, so that it need not lie in memory as a whole.
  package func writeJSON(pretty: Bool, to sink: @escaping ([UInt8]) -> Void) {
    let output = OutputBuffer(sink)
    var writer = MemberWriter(output, pretty: pretty)
    writer.object { members in
      members.string("escape", escape.rawValue)
      members.objects("directives", directives) { $0.write(to: &$1) }
      members.objects("globalArguments", globalArguments) { $0.write(to: &$1) }
      members.objects("stages", stages, evenIfEmpty: true) { $0.write(to: &$1) }
      members.strings("trailing", trailing)
    }
    output.append(Byte.newline)
    output.flush()
  }

  /// Removes places, original texts and tokens: what remains is short enough to edit by hand.
  package mutating func removeSources() {
    func strip(_ source: inout InstructionSource) {
      source.original = nil
      source.range = nil
      source.tokens = []
    }
    for index in directives.indices { directives[index].range = nil }
    for index in globalArguments.indices { strip(&globalArguments[index].source) }
    for index in stages.indices {
      strip(&stages[index].source)
      for instruction in stages[index].instructions.indices { strip(&stages[index].instructions[instruction].source) }
    }
  }
}

extension Directive: Decodable {
  package init(from decoder: any Decoder) throws {
    let members = try Members(decoder, known: ["name", "value", "range"])
    name = try members.required("name")
    value = try members.required("value")
    range = try members.optional("range")
    if !Self.names.contains(name) { throw members.fault("unknown directive '\(name)'", at: "name") }
  }

  func write(to members: inout MemberWriter) {
    members.string("name", name)
    members.string("value", value)
    members.range("range", range)
  }
}
