/// `ADD [flags] source… destination`.
package struct AddInstruction: Hashable, Sendable, InstructionBody {
  package var name: String { "ADD" }
  /// Paths in the context, URLs and git repositories; variables not expanded.
  package var sources: [String]
  package var heredocs: [Heredoc]
  package var destination: String
  package var chown: String?
  package var chmod: String?
  package var link: Bool?
  package var exclude: [String]
  /// The digest that a URL's content must have.
  package var checksum: String?
  package var keepGitDir: Bool?
  /// Whether archives are unpacked; nil: local ones are, downloaded ones are not.
  package var unpack: Bool?

  package init(sources: [String], destination: String) {
    self.sources = sources
    self.destination = destination
    heredocs = []
    exclude = []
  }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    try context.requireDestination(node)
    let flags = try context.flags(
      node,
      [
        "chown": .string, "chmod": .string, "link": .bool, "keep-git-dir": .bool, "checksum": .string, "unpack": .bool,
        "exclude": .strings,
      ])
    (sources, heredocs, destination) = try context.sourcesAndDestination(node)
    chown = flags.string("chown")
    chmod = flags.string("chmod")
    link = flags.bool("link")
    exclude = flags.strings("exclude")
    checksum = flags.string("checksum")
    keepGitDir = flags.bool("keep-git-dir")
    unpack = flags.bool("unpack")
  }

  init(from members: Members) throws {
    sources = try members.list("sources")
    heredocs = try members.list("heredocs")
    destination = try members.required("destination")
    chown = try members.optional("chown")
    chmod = try members.optional("chmod")
    link = try members.optional("link")
    exclude = try members.list("exclude")
    checksum = try members.optional("checksum")
    keepGitDir = try members.optional("keepGitDir")
    unpack = try members.optional("unpack")
  }

  func write(to members: inout MemberWriter) {
    members.string("chown", chown)
    members.string("chmod", chmod)
    members.bool("link", link)
    members.strings("exclude", exclude)
    members.string("checksum", checksum)
    members.bool("keepGitDir", keepGitDir)
    members.bool("unpack", unpack)
    members.strings("sources", sources)
    members.objects("heredocs", heredocs) { $0.write(to: &$1) }
    members.string("destination", destination)
  }

  static let memberNames = [
    "chown", "chmod", "link", "exclude", "checksum", "keepGitDir", "unpack", "sources", "heredocs", "destination",
  ]
}
