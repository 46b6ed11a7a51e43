internal import CommandSupport
internal import Linux

let program = Program(
  "cfparse", "read Compose files, write the merged project as JSON", version: "cfparse \(toteVersion)",
  verbs: [configVerb, planVerb, buildsVerb, hashVerb, argumentsVerb, convertVerb])

var arguments = Array(CommandLine.arguments.dropFirst())
// `cfparse [OPTIONS] [FILE…|-]` alone is `cfparse config`.
let words = program.verbs.map(\.name) + ["help", "--help", "-h", "--version", "-v", "--generate-completion-script"]
if !words.contains(arguments.first.map { String($0.prefix { $0 != "=" }) } ?? "") { arguments.insert("config", at: 0) }
exitProcess(program.run(arguments))
