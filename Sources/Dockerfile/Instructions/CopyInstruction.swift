/// `COPY [flags] source… destination`.
package struct CopyInstruction: Hashable, Sendable, InstructionBody {
  package var name: String { "COPY" }
  /// Paths in the context or in ``from``; variables not expanded.
  package var sources: [String]
  package var heredocs: [Heredoc]
  package var destination: String
  /// A stage, a named context or an image.
  package var from: String?
  package var chown: String?
  package var chmod: String?
  package var link: Bool?
  package var parents: Bool?
  package var exclude: [String]

  package init(sources: [String], destination: String) {
    self.sources = sources
    self.destination = destination
    heredocs = []
    exclude = []
  }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    try context.requireDestination(node)
    let flags = try context.flags(
      node, ["chown": .string, "from": .string, "chmod": .string, "link": .bool, "exclude": .strings, "parents": .bool])
    (sources, heredocs, destination) = try context.sourcesAndDestination(node)
    from = flags.string("from")
    chown = flags.string("chown")
    chmod = flags.string("chmod")
    link = flags.bool("link")
    parents = flags.bool("parents")
    exclude = flags.strings("exclude")
  }

  init(from members: Members) throws {
    sources = try members.list("sources")
    heredocs = try members.list("heredocs")
    destination = try members.required("destination")
    from = try members.optional("from")
    chown = try members.optional("chown")
    chmod = try members.optional("chmod")
    link = try members.optional("link")
    parents = try members.optional("parents")
    exclude = try members.list("exclude")
  }

  func write(to members: inout MemberWriter) {
    members.string("from", from)
    members.string("chown", chown)
    members.string("chmod", chmod)
    members.bool("link", link)
    members.bool("parents", parents)
    members.strings("exclude", exclude)
    members.strings("sources", sources)
    members.objects("heredocs", heredocs) { $0.write(to: &$1) }
    members.string("destination", destination)
  }

  static let memberNames = ["from", "chown", "chmod", "link", "parents", "exclude", "sources", "heredocs", "destination"]
}

extension InstructionContext {
  func requireDestination(_ node: SyntaxNode) throws(DockerfileError) {
    if node.arguments.count < 2 {
      throw fault("\(node.keyword.text.uppercased()) requires at least two arguments, a source and a destination", at: node.keyword)
    }
  }

  /// The words of ADD and COPY: paths, here-documents in the order of their words, and the destination.
  func sourcesAndDestination(
    _ node: SyntaxNode
  ) throws(DockerfileError) -> (sources: [String], heredocs: [Heredoc], destination: String) {
    guard let destination = node.arguments.last else { return ([], [], "") }
    if heredoc(destination.text) != nil {
      throw fault("\(node.keyword.text.uppercased()) cannot take a heredoc as its destination", at: destination)
    }
    var sources: [String] = []
    var heredocs: [Heredoc] = []
    for source in node.arguments.dropLast() {
      guard var found = heredoc(source.text) else {
        sources.append(source.text)
        continue
      }
      // The last of several bodies with one name is everyone's.
      found.body = node.heredocs.last { $0.heredoc.name == found.name }?.heredoc.body ?? ""
      heredocs.append(found)
    }
    return (sources, heredocs, destination.text)
  }

  private func heredoc(_ word: String) -> Heredoc? {
    guard word.utf8.contains(Byte.less) else { return nil }
    do throws(WordExpansionError) { return try HeredocWord.parse(word) } catch { return nil }
  }
}
