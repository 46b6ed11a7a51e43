/// A `name=value` of ENV or LABEL, quotes still in, variables not expanded.
package struct Variable: Hashable, Sendable {
  package var name: String
  package var value: String

  package init(name: String, value: String) {
    self.name = name
    self.value = value
  }

  func write(to members: inout MemberWriter) {
    members.string("name", name)
    members.string("value", value)
  }
}

extension Variable: Decodable {
  package init(from decoder: any Decoder) throws {
    let members = try Members(decoder, known: ["name", "value"])
    name = try members.required("name")
    value = try members.required("value")
    if name.isEmpty { throw members.fault("a name cannot be empty", at: "name") }
  }
}

extension InstructionContext {
  func variables(_ node: SyntaxNode) throws(DockerfileError) -> (variables: [Variable], isLegacy: Bool) {
    try atLeastOne(node)
    var variables: [Variable] = []
    for index in stride(from: 0, to: node.arguments.count - 2, by: 3) {
      if node.arguments[index].text.isEmpty {
        throw fault("a name in \(node.keyword.text.uppercased()) cannot be empty", at: node.arguments[index + 1])
      }
      variables.append(Variable(name: node.arguments[index].text, value: node.arguments[index + 1].text))
    }
    return (variables, node.arguments[2].text.isEmpty)
  }
}
