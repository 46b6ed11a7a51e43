/// `VOLUME …`.
package struct VolumeInstruction: Hashable, Sendable, InstructionBody {
  package var name: String { "VOLUME" }
  /// Paths; variables not expanded.
  package var volumes: [String]

  package init(volumes: [String]) { self.volumes = volumes }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    try context.atLeastOne(node)
    _ = try context.flags(node)
    volumes = node.arguments.map(\.text)
    for (index, piece) in node.arguments.enumerated() {
      volumes[index] = piece.text.trimmedSpace
      if volumes[index].isEmpty { throw context.fault("a path of VOLUME cannot be empty", at: piece) }
    }
  }

  init(from members: Members) throws {
    volumes = try members.required("volumes")
    if volumes.isEmpty { throw members.fault("VOLUME requires at least one argument", at: "volumes") }
  }

  func write(to members: inout MemberWriter) { members.strings("volumes", volumes) }

  static let memberNames = ["volumes"]
}

extension String {
  /// Without Unicode white space at both ends.
  var trimmedSpace: String {
    let bytes = Array(utf8)
    return bytes.text(bytes.trimmed(0..<bytes.count))
  }
}
