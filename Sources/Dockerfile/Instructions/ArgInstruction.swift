/// `ARG name[=default] …`.
package struct ArgInstruction: Hashable, Sendable, InstructionBody {
  package struct Argument: Hashable, Sendable {
    package var name: String
    /// Quotes still in, variables not expanded; nil where the argument has no default.
    package var value: String?

    package init(name: String, value: String? = nil) {
      self.name = name
      self.value = value
    }

    func write(to members: inout MemberWriter) {
      members.string("name", name)
      members.string("default", value)
    }
  }

  package var name: String { "ARG" }
  package var arguments: [Argument]

  package init(arguments: [Argument]) { self.arguments = arguments }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    try context.atLeastOne(node)
    arguments = []
    for piece in node.arguments {
      guard let equals = piece.text.utf8.firstIndex(of: Byte.equals) else {
        arguments.append(Argument(name: piece.text))
        continue
      }
      if equals == piece.text.startIndex { throw context.fault("a name in ARG cannot be empty", at: piece) }
      arguments.append(
        Argument(name: String(piece.text[..<equals]), value: String(piece.text[piece.text.utf8.index(after: equals)...])))
    }
  }

  init(from members: Members) throws {
    arguments = try members.required("arguments")
    if arguments.isEmpty { throw members.fault("ARG requires at least one argument", at: "arguments") }
  }

  func write(to members: inout MemberWriter) {
    members.objects("arguments", arguments) { $0.write(to: &$1) }
  }

  static let memberNames = ["arguments"]
}

extension ArgInstruction.Argument: Decodable {
  package init(from decoder: any Decoder) throws {
    let members = try Members(decoder, known: ["name", "default"])
    name = try members.required("name")
    value = try members.optional("default")
    if name.isEmpty || name.contains("=") { throw members.fault("'\(name)' is no name of an argument", at: "name") }
  }
}
