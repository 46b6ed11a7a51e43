import JSON
import Testing

@testable import Dockerfile

@Suite struct LintTests {
  static let golden: [JSONValue] = (try? Corpus.jsonLines("parser/ast-golden.jsonl")) ?? []

  /// Rules and lines as BuildKit finds them. It places an empty continuation line at the end of the instruction; here it is the line itself.
  @Test(.enabled(if: Corpus.isPresent, Corpus.absent), arguments: golden.indices)
  func findsWhatBuildKitFinds(_ index: Int) throws {
    let golden = Self.golden[index]
    if golden["stages"] == nil || golden["lint_error"] != nil { return }
    let source = try Corpus.bytes("parser/" + (golden["file"]?.stringValue ?? "").dropFirst(2))
    let report = try Linter.lint(source)
    func isPlaced(_ rule: String) -> Bool { rule != "NoEmptyContinuation" }
    let expected = (golden["lint"]?.arrayValue ?? []).map { warning in
      let rule = warning["rule"]?.stringValue ?? ""
      return rule + (isPlaced(rule) ? " \(warning["lines"]?[0]?["start"]?.integerValue ?? 0)" : "")
    }
    let found = report.findings.map { $0.rule.rawValue + (isPlaced($0.rule.rawValue) ? " \($0.range.start.line)" : "") }
    #expect(Set(found) == Set(expected))
  }

  @Test(arguments: [
    ("FROM a AS Build", "StageNameCasing"), ("FROM a as b", "FromAsCasing"), ("from a\nRUN x\nRUN y", "ConsistentInstructionCasing"),
    ("FROM a\nRUN a \\\n\n b", "NoEmptyContinuation"), ("FROM a AS b\nFROM c AS b", "DuplicateStageName"),
    ("FROM a AS scratch", "ReservedStageName"), ("FROM a\nCMD x", "JSONArgsRecommended"), ("FROM a\nMAINTAINER x", "MaintainerDeprecated"),
    ("FROM a${x}", "UndefinedArgInFrom"), ("FROM a\nWORKDIR b", "WorkdirRelativePath"), ("FROM a\nUSER $u", "UndefinedVar"),
    ("FROM a\nCMD [\"a\"]\nCMD [\"b\"]", "MultipleInstructionsDisallowed"), ("FROM a\nENV a b", "LegacyKeyValueFormat"),
    ("FROM --platform=$TARGETPLATFORM a", "RedundantTargetPlatform"), ("FROM a\nARG API_KEY", "SecretsUsedInArgOrEnv"),
    ("ARG v\nFROM a:$v", "InvalidDefaultArgInFrom"), ("FROM --platform=linux/arm64 a", "FromPlatformFlagConstDisallowed"),
    ("FROM a\nEXPOSE 80/TCP", "ExposeProtoCasing"), ("FROM a\nEXPOSE 1.2.3.4:80:80", "ExposeInvalidFormat"),
    ("FROM a\nCOPY secret.txt /", "CopyIgnoredFile"),
    ("# check=experimental=all\nFROM a\n# what it is\nARG x", "InvalidDefinitionDescription"),
  ])
  func everyRuleFindsItsCase(_ source: String, _ rule: String) throws {
    var input = Linter.Input()
    input.ignore = try DockerIgnore(parsing: Array("*.txt".utf8))
    let report = try Linter.lint(Array(source.utf8), input)
    #expect(report.findings.map(\.rule.rawValue).contains(rule))
    // And the same is silent when it is skipped, and where a comment says so.
    input.options.skipsAll = true
    input.options.experimental = []
    #expect(try Linter.lint(Array(source.replacing("# check=experimental=all\n", with: "").utf8), input).findings.isEmpty)
  }

  @Test(arguments: [
    "FROM a\nENV GITHUB_TOKEN_FILE=x PUBLIC_KEY=y", "FROM a AS b\nFROM b\nSHELL [\"x\"]\nCMD y", "FROM a\nWORKDIR /x\nWORKDIR y",
    "ARG v=1\nFROM a:$v", "FROM a\nARG x\nUSER $x", "FROM a\nENV x=1\nUSER ${x} ${PATH}", "FROM --platform=$BUILDPLATFORM a AS b",
    "FROM --platform=linux/arm64 a AS build-arm64", "FROM a\n# check=skip=JSONArgsRecommended\nCMD x", "# check=skip=all\nFROM a\nCMD x",
    "FROM scratch\nCOPY --from=b x.txt y", "FROM a\nCOPY . /",
  ])
  func theGoodIsNotBlamed(_ source: String) throws {
    var input = Linter.Input()
    input.ignore = try DockerIgnore(parsing: Array("*.txt".utf8))
    #expect(try Linter.lint(Array(source.utf8), input).findings == [])
  }

  @Test func errorsAndFaultsInTheDirective() throws {
    #expect(try Linter.lint(Array("# check=error=true\nFROM a\nCMD x".utf8)).findingsAreErrors)
    let errors = #expect(throws: DockerfileErrors.self) { try Linter.lint(Array("# check=skp=x\nFROM a".utf8)) }
    #expect(errors?.errors.first?.suggestion == "skip")
    #expect(errors?.errors.first?.range?.start.line == 1)
  }

  @Test func addresses() {
    #expect(LintRule.jsonArgsRecommended.helpAddress == "https://docs.docker.com/go/dockerfile/rule/json-args-recommended/")
    #expect(LintRule.copyIgnoredFile.helpAddress == "https://docs.docker.com/go/dockerfile/rule/copy-ignored-file/")
  }
}
