internal import CommandSupport
internal import Linux

let program = Program(
  "dfparse", "read a Dockerfile, write it as JSON; check, format, draw and outline it", version: "dfparse \(toteVersion)",
  verbs: [parseVerb, formatVerb, lintVerb, graphVerb, outlineVerb, targetsVerb])

var arguments = Array(CommandLine.arguments.dropFirst())
// `dfparse [FILE|-]` alone parses.
let words = program.verbs.map(\.name) + ["help", "--help", "-h", "--version", "-v", "--generate-completion-script"]
if !words.contains(arguments.first.map { String($0.prefix { $0 != "=" }) } ?? "") { arguments.insert("parse", at: 0) }
exitProcess(program.run(arguments))
