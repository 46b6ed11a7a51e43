internal import CommandSupport
internal import Dockerfile
internal import Linux

/// `dfparse [parse] [FILE|-]`: the Dockerfile as JSON.
let parseVerb = Verb(
  "parse", "[OPTIONS] [FILE|-]", "write the Dockerfile as JSON; what dfparse does when no verb is named",
  options: [
    DockerfileInput.option,
    .flag("compact", help: "write the JSON on one line"),
    .flag("no-source", help: "leave out positions, tokens and original texts"),
  ], operandCount: 0...1
) { parsed in
  var document = try DockerfileInput(parsed).parse()
  if parsed.flag("no-source") { document.removeSources() }
  document.writeJSON(pretty: !parsed.flag("compact"), to: writeOutput)
  // A long document takes a while to free, and nothing comes after.
  exitProcess(ExitCode.success)
}
