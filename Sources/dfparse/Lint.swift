internal import CommandSupport
internal import Dockerfile
internal import JSON
internal import Linux
internal import SystemPackage

/// `dfparse lint [FILE|-]`: BuildKit's checks.
let lintVerb = Verb(
  "lint", "[OPTIONS] [FILE|-]", "check the Dockerfile by BuildKit's rules",
  options: [
    DockerfileInput.option,
    .value("format", placeholder: "FORMAT", help: "how to report: text, json, sarif"),
    .list("skip", placeholder: "RULE", help: "leave out a rule, or all"),
    .list("experimental", placeholder: "RULE", help: "run an experimental rule, or all"),
    .flag("error", help: "findings are errors: end with 1 if there are some"),
    .value("context", placeholder: "DIR", help: "the build context, for its .dockerignore; else the Dockerfile's directory"),
    .list("base-env", placeholder: "NAME", help: "a variable that the base images define"),
  ], operandCount: 0...1
) { parsed in
  let input = try DockerfileInput(parsed)
  let format = parsed.value("format") ?? "text"
  guard ["text", "json", "sarif"].contains(format) else { throw UsageError("--format '\(format)': expected text, json or sarif") }
  var settings = Linter.Input()
  settings.options = try lintOptions(parsed)
  settings.baseEnvironment = parsed.values("base-env")
  settings.ignore = try readIgnore(input, context: parsed.value("context"))
  let source = try input.read()
  let report: LintReport
  do throws(DockerfileErrors) { report = try Linter.lint(source, settings) } catch { input.fail(error, source) }
  let output = LintOutput(report: report, name: input.name, source: source)
  switch format {
  case "json": writeOutput(output.json)
  case "sarif": writeOutput(output.sarif)
  default: writeOutput(output.text)
  }
  return report.findingsAreErrors && !report.findings.isEmpty ? ExitCode.failure : ExitCode.success
}

private func lintOptions(_ parsed: ParsedOptions) throws(UsageError) -> LintOptions {
  let (skip, experimental) = (parsed.values("skip"), parsed.values("experimental"))
  for name in skip + experimental where name != "all" && LintRule(rawValue: name) == nil {
    let hint = LintRule.allCases.map(\.rawValue).first { editDistance($0, name) < 4 }.map { " (did you mean '\($0)'?)" } ?? ""
    throw UsageError("unknown rule '\(name)'\(hint)")
  }
  var options = LintOptions()
  options.skipsAll = skip.contains("all")
  options.skipped = Set(skip)
  options.runsAllExperimental = experimental.contains("all")
  options.experimental = Set(experimental)
  options.findingsAreErrors = parsed.flag("error")
  return options
}

/// The ignore file that a build would use: the Dockerfile's own, else the context's.
private func readIgnore(_ input: DockerfileInput, context: String?) throws -> DockerIgnore? {
  var candidates: [FilePath] = []
  if !input.isStandardInput { candidates.append(FilePath(input.name + ".dockerignore")) }
  if let context {
    candidates.append(FilePath(context).appending(".dockerignore"))
  } else if !input.isStandardInput {
    candidates.append(FilePath(input.name).removingLastComponent().appending(".dockerignore"))
  }
  for path in candidates {
    let content: [UInt8]
    do { content = try readFile(path) } catch {
      if error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory { continue }
      throw error
    }
    do { return try DockerIgnore(parsing: content) } catch { fail("\(path): \(error)") }
  }
  return nil
}
