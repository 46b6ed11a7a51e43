/// Runs BuildKit's checks over a Dockerfile. Every stage is looked at, needed by the target or not, as `docker build --check` does.
package struct Linter {
  package struct Input: Sendable {
    package var options = LintOptions()
    /// The .dockerignore that the build would use.
    package var ignore: DockerIgnore?
    /// Names that the base images are known to define.
    package var baseEnvironment: [String] = []

    package init() {}
  }

  let input: Input
  let syntax: SyntaxParser
  let document: DockerfileDocument
  let expander: WordExpander
  var options: LintOptions
  var findings: [LintFinding] = []

  /// Lints a source; faults in the Dockerfile or in its `check` directive are thrown.
  package static func lint(_ source: [UInt8], _ input: Input = Input()) throws(DockerfileErrors) -> LintReport {
    var syntax = SyntaxParser(source)
    do throws(DockerfileError) { try syntax.parse() } catch { throw DockerfileErrors(errors: [error]) }
    let document = try DockerfileDocument(syntax)
    var options = input.options
    if let directive = document.directives.first(where: { $0.name == "check" }) {
      do throws(DockerfileError) {
        let own = try LintOptions(parsing: directive.value)
        options.merge(own)
        options.findingsAreErrors = options.findingsAreErrors || own.findingsAreErrors
      } catch {
        throw DockerfileErrors(errors: [DockerfileError(error.message, suggestion: error.suggestion, range: directive.range)])
      }
    }
    var linter = Linter(input: input, syntax: syntax, document: document, expander: WordExpander(escape: document.escape), options: options)
    do throws(DockerfileError) { try linter.run() } catch { throw DockerfileErrors(errors: [error]) }
    let findings = linter.findings.enumerated().sorted {
      ($0.element.range.start.offset, $0.offset) < ($1.element.range.start.offset, $1.offset)
    }
    return LintReport(findings: findings.map(\.element), findingsAreErrors: options.findingsAreErrors)
  }

  private init(input: Input, syntax: SyntaxParser, document: DockerfileDocument, expander: WordExpander, options: LintOptions) {
    self.input = input
    self.syntax = syntax
    self.document = document
    self.expander = expander
    self.options = options
  }

  private mutating func run() throws(DockerfileError) {
    checkSyntax()
    checkStageNames()
    checkCasing()
    let defaults = try globalArguments()
    checkDefaults(defaults)
    try checkStages(defaults)
  }

  mutating func report(_ rule: LintRule, _ range: SourceRange?, _ message: String, _ comments: [String] = []) {
    guard let range, options.merging(comments: comments).runs(rule) else { return }
    let finding = LintFinding(rule: rule, message: message, range: range)
    // One word that stands twice in an instruction is one finding.
    if !findings.contains(finding) { findings.append(finding) }
  }

  func range(_ piece: Piece) -> SourceRange { syntax.lines.range(piece.source) }

  /// The global arguments' values without build arguments, and all that are declared.
  private func globalArguments() throws(DockerfileError) -> (values: [String: String], declared: Set<String>) {
    var values = AutomaticArguments.values(target: document.stages.last?.from.stageName ?? "")
    var declared: Set<String> = []
    for instruction in document.globalArguments {
      guard case .arg(let body) = instruction.kind else { continue }
      for argument in body.arguments {
        let name = try expand(argument.name, instruction.source.range) { values[$0] }.result
        declared.insert(name)
        if let value = argument.value { values[name] = try expand(value, instruction.source.range) { values[$0] }.result }
      }
    }
    return (values, declared)
  }

  func expand(
    _ word: String, _ range: SourceRange?, _ lookup: (String) -> String?
  ) throws(DockerfileError) -> WordExpander.Expansion {
    do throws(WordExpansionError) { return try expander.expand(word, lookup) } catch {
      throw DockerfileError(error.message, range: range)
    }
  }
}
