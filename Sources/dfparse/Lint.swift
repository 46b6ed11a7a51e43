import ArgumentParser
import CommandSupport
import Dockerfile
import JSON
import Linux
import SystemPackage

/// `dfparse lint [FILE|-]`: BuildKit's checks.
struct Lint: ParsableCommand {
  enum Format: String, ExpressibleByArgument, CaseIterable { case text, json, sarif }

  static let configuration = CommandConfiguration(
    abstract: "Check the Dockerfile by BuildKit's rules; ends with 1 if findings are errors (# check=error=true or --error).")

  @OptionGroup var input: DockerfileInput

  @ArgumentParser.Option(help: "How to report: text, json, sarif.")
  var format = Format.text

  @ArgumentParser.Option(help: ArgumentHelp("Leave out a rule, or all.", valueName: "rule"))
  var skip: [String] = []

  @ArgumentParser.Option(help: ArgumentHelp("Run an experimental rule, or all.", valueName: "rule"))
  var experimental: [String] = []

  @Flag(help: "Treat findings as errors.")
  var error = false

  @ArgumentParser.Option(help: ArgumentHelp("The build context, for its .dockerignore; else the Dockerfile's directory.", valueName: "dir"))
  var context: String?

  @ArgumentParser.Option(help: ArgumentHelp("A variable that the base images define.", valueName: "name"))
  var baseEnv: [String] = []

  func validate() throws {
    for name in skip + experimental where name != "all" && LintRule(rawValue: name) == nil {
      let known = LintRule.allCases.map(\.rawValue)
      let hint = known.first { editDistance($0, name) < 4 }.map { ", did you mean '\($0)'?" } ?? ""
      throw ValidationError("unknown rule '\(name)'\(hint)")
    }
  }

  func run() {
    let source = input.read()
    var settings = Linter.Input()
    settings.options.skipsAll = skip.contains("all")
    settings.options.skipped = Set(skip)
    settings.options.runsAllExperimental = experimental.contains("all")
    settings.options.experimental = Set(experimental)
    settings.options.findingsAreErrors = error
    settings.baseEnvironment = baseEnv
    settings.ignore = readIgnore()
    let report: LintReport
    do { report = try Linter.lint(source, settings) } catch { input.fail(error, source) }
    let output = LintOutput(report: report, name: input.name, source: source)
    switch format {
    case .text: writeOutput(Array(output.text.utf8))
    case .json: writeOutput(output.json.serialized(pretty: true) + [0x0A])
    case .sarif: writeOutput(output.sarif.serialized(pretty: true) + [0x0A])
    }
    if report.findingsAreErrors, !report.findings.isEmpty { exitProcess(ExitCode.failure) }
  }

  /// The ignore file that a build would use: the Dockerfile's own, else the context's.
  private func readIgnore() -> DockerIgnore? {
    var candidates: [FilePath] = []
    if !input.isStandardInput { candidates.append(FilePath(input.name + ".dockerignore")) }
    if let context { candidates.append(FilePath(context).appending(".dockerignore")) } else if !input.isStandardInput {
      candidates.append(FilePath(input.name).removingLastComponent().appending(".dockerignore"))
    }
    for path in candidates {
      let content: [UInt8]
      do { content = try readFile(path) } catch {
        if error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory { continue }
        fail("\(error)")
      }
      do { return try DockerIgnore(parsing: content) } catch { fail("\(path): \(error)") }
    }
    return nil
  }
}
