internal import Dockerfile

extension StageState {
  /// Declares arguments: `--build-arg` before the default, the default before the value of an ARG above the first FROM.
  mutating func apply(
    _ body: ArgInstruction, _ escape: EscapeCharacter, global: EnvironmentList, given: [String: String]
  ) throws(BuildError) {
    var texts: [String] = []
    for argument in body.arguments {
      let expand = StageExpander(escape, environment)
      let name = try expand(argument.name)
      var value = global[name]
      if let given = given[name] {
        value = given
      } else if let word = argument.value {
        value = try expand(word)
      }
      if let value { environment[name] = value }
      arguments.append((name, value))
      texts.append(value.map { "\(name)=\($0)" } ?? name)
    }
    commit("ARG " + texts.joined(separator: " "))
  }

  /// `|2 x=1 y=2 ` before a RUN's words in the history where arguments are declared.
  var argumentPrefix: String {
    var values = EnvironmentList()
    for (name, value) in arguments { values[name] = environment[name] ?? value ?? "" }
    return values.lines.isEmpty ? "" : "|\(values.lines.count) \(values.lines.joined(separator: " ")) "
  }
}
