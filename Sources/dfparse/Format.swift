internal import CommandSupport
internal import Dockerfile
internal import JSON
internal import Linux

/// `dfparse format [FILE|-]`: the Dockerfile in canonical form, or JSON as a Dockerfile.
let formatVerb = Verb(
  "format", "[OPTIONS] [FILE|-]", "write the Dockerfile in canonical form, or JSON as a Dockerfile",
  options: [
    DockerfileInput.option,
    .flag("from-json", help: "read JSON; what was not changed in it is written as it was"),
    .flag("w", "write", help: "replace the file instead of writing to standard output"),
    .flag("check", help: "write nothing; end with 1 if the file is not in canonical form"),
  ], operandCount: 0...1
) { parsed in
  let input = try DockerfileInput(parsed)
  let (fromJSON, replaces, checks) = (parsed.flag("from-json"), parsed.flag("write"), parsed.flag("check"))
  if replaces, fromJSON || input.isStandardInput { throw UsageError("--write needs a Dockerfile to replace") }
  if checks, replaces || fromJSON { throw UsageError("--check goes with neither --write nor --from-json") }
  let source = try input.read()
  let text: String
  do {
    text = fromJSON ? try input.decode(source).formatted(.asWritten) : try input.parse(source).formatted(.canonical)
  } catch { fail("\(input.name): \(error)") }
  let formatted = Array(text.utf8)
  if checks {
    if formatted != source { fail("\(input.name): not in canonical form, see dfparse format") }
  } else if replaces {
    if formatted != source { try input.replace(with: formatted) }
  } else {
    writeOutput(formatted)
  }
  return ExitCode.success
}
