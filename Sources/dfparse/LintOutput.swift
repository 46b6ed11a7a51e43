internal import CommandSupport
internal import Dockerfile
internal import JSON

/// A lint report in the forms that people and programs read.
struct LintOutput {
  let report: LintReport
  let name: String
  let source: [UInt8]

  private var level: String { report.findingsAreErrors ? "error" : "warning" }

  var text: String {
    report.findings.map { finding in
      DockerfileError("\(level): \(finding.rule.rawValue): \(finding.message)", range: finding.range).report(file: name, source: source)
        + "\n"
    }.joined()
  }

  /// The members that `docker build --call=check,format=json` has.
  var json: JSONValue {
    [
      "warnings": .array(
        report.findings.map { finding in
          [
            "ruleName": .string(finding.rule.rawValue), "description": .string(finding.rule.summary),
            "url": .string(finding.rule.helpAddress),
            "detail": .string(finding.message),
            "location": [
              "ranges": [
                [
                  "start": ["line": .integer(finding.range.start.line), "character": .integer(finding.range.start.column - 1)],
                  "end": ["line": .integer(finding.range.end.line), "character": .integer(finding.range.end.column - 1)],
                ]
              ]
            ],
          ]
        }),
      "sources": [["filename": .string(name)]],
    ]
  }

  /// SARIF 2.1.0. Columns there count characters, so the bytes before are counted again.
  var sarif: JSONValue {
    let rules = LintRule.allCases
    return [
      "$schema": "https://json.schemastore.org/sarif-2.1.0.json",
      "version": "2.1.0",
      "runs": [
        [
          "tool": [
            "driver": [
              "name": "dfparse", "version": .string(toteVersion),
              "rules": .array(
                rules.map { rule in
                  [
                    "id": .string(rule.rawValue), "shortDescription": ["text": .string(rule.summary)], "helpUri": .string(rule.helpAddress),
                  ]
                }),
            ]
          ],
          "columnKind": "unicodeCodePoints",
          "results": .array(report.findings.map(result)),
        ]
      ],
    ]
  }

  private func result(_ finding: LintFinding) -> JSONValue {
    [
      "ruleId": .string(finding.rule.rawValue),
      "ruleIndex": .integer(LintRule.allCases.firstIndex(of: finding.rule) ?? 0),
      "level": .string(level),
      "message": ["text": .string(finding.message)],
      "locations": [
        [
          "physicalLocation": [
            "artifactLocation": ["uri": .string(name)],
            "region": [
              "startLine": .integer(finding.range.start.line), "startColumn": .integer(column(finding.range.start)),
              "endLine": .integer(finding.range.end.line), "endColumn": .integer(column(finding.range.end)),
            ],
          ]
        ]
      ],
    ]
  }

  private func column(_ position: SourcePosition) -> Int {
    let start = position.offset - position.column + 1
    guard start >= 0, position.offset <= source.count else { return position.column }
    return source[start..<position.offset].count { $0 & 0xC0 != 0x80 } + 1
  }
}
