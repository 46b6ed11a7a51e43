/// `FROM [--platform=P] image [AS name]`.
package struct FromInstruction: Hashable, Sendable, InstructionBody {
  package var name: String { "FROM" }
  /// An image, an earlier stage or `scratch`; variables not expanded.
  package var image: String
  package var platform: String?
  /// The stage's name in lower case.
  package var stageName: String?

  package init(image: String, platform: String? = nil, stageName: String? = nil) {
    self.image = image
    self.platform = platform
    self.stageName = stageName
  }

  init(_ node: SyntaxNode, _ context: InstructionContext) throws(DockerfileError) {
    let arguments = node.arguments
    if arguments.count == 3, arguments[1].text.lowercased() == "as" {
      let name = arguments[2].text.lowercased()
      guard Self.isStageName(name) else {
        throw context.fault(
          "invalid stage name '\(arguments[2].text)', expected a letter, then letters, digits, '-', '_' and '.'", at: arguments[2])
      }
      stageName = name
    } else if arguments.count != 1 {
      let hint = arguments.count == 3 ? suggest(arguments[1].text, among: ["AS"], ignoringCase: true) : nil
      throw context.fault(
        "FROM requires either one or three arguments: IMAGE [AS NAME]", suggestion: hint,
        at: arguments.count > 1 ? arguments[1] : node.keyword)
    }
    image = arguments[0].text
    platform = try context.flags(node, ["platform": .string]).string("platform")
  }

  private static func isStageName(_ name: String) -> Bool {
    guard let first = name.utf8.first, (0x61...0x7A).contains(first) else { return false }
    return name.utf8.allSatisfy { (0x61...0x7A).contains($0) || $0.isDigit || "-_.".utf8.contains($0) }
  }

  init(from members: Members) throws {
    image = try members.required("image")
    platform = try members.optional("platform")
    stageName = try members.optional("name")
    if let stageName, !Self.isStageName(stageName) { throw members.fault("invalid stage name '\(stageName)'", at: "name") }
  }

  func write(to members: inout MemberWriter) {
    members.string("image", image)
    members.string("platform", platform)
    members.string("name", stageName)
  }

  static let memberNames = ["image", "platform", "name"]
}
