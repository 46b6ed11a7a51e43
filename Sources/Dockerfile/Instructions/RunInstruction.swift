/// `RUN [flags] command`.
package struct RunInstruction: Hashable, Sendable, InstructionBody {
  package enum Network: String, CaseIterable, Sendable, Decodable {
    case `default`, none, host
  }
  package enum Security: String, CaseIterable, Sendable, Decodable {
    case sandbox, insecure
  }

  package var name: String { "RUN" }
  package var command: CommandForm
  /// With one here-document whose ``command`` is only its word, the body is the script; otherwise the shell gets the command and the bodies.
  package var heredocs: [Heredoc]
  package var mounts: [Mount]
  package var network: Network?
  package var security: Security?
  package var devices: [Device]

  package init(_ command: CommandForm) {
    self.command = command
    heredocs = []
    mounts = []
    devices = []
  }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    let flags = try context.flags(
      node, ["mount": .strings, "network": .string, "security": .string, "device": .strings])
    command = context.command(node)
    heredocs = node.heredocs.map(\.heredoc)
    mounts = []
    for piece in flags.pieces("mount") { mounts.append(try Mount(piece, context)) }
    network = try context.choice(flags.piece("network"), "network mode")
    security = try context.choice(flags.piece("security"), "security mode")
    devices = []
    for piece in flags.pieces("device") { devices.append(try Device(piece, context)) }
  }

  init(from members: Members) throws {
    command = try members.required("command")
    heredocs = try members.list("heredocs")
    mounts = try members.list("mounts")
    network = try members.optional("network")
    security = try members.optional("security")
    devices = try members.list("devices")
  }

  func write(to members: inout MemberWriter) {
    members.objects("mounts", mounts) { $0.write(to: &$1) }
    members.string("network", network?.rawValue)
    members.string("security", security?.rawValue)
    members.objects("devices", devices) { $0.write(to: &$1) }
    members.command(command)
    members.objects("heredocs", heredocs) { $0.write(to: &$1) }
  }

  static let memberNames = ["mounts", "network", "security", "devices", "command", "heredocs"]
}

extension InstructionContext {
  /// A flag whose value is one of a few words.
  func choice<T: RawRepresentable<String> & CaseIterable>(_ piece: Piece?, _ subject: String) throws(DockerfileError) -> T? {
    guard let piece else { return nil }
    if let value = T(rawValue: piece.text) { return value }
    let known = T.allCases.map(\.rawValue)
    throw fault(
      "invalid \(subject) '\(piece.text)', expected \(known.joined(separator: ", "))", suggestion: suggest(piece.text, among: known),
      at: piece)
  }
}
