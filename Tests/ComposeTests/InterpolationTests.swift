import Testing

@testable import Compose

@Suite struct InterpolationTests {
  static let environment = ["A": "aval", "EMPTY": "", "N": "3"]

  /// Answers of docker compose 2.26.1, before it doubles each `$` again.
  @Test(arguments: [
    ("$A", "aval"), ("${A}x", "avalx"), ("$Ax", ""), ("${U:-d}", "d"), ("${EMPTY:-d}", "d"), ("${EMPTY-d}", ""), ("${EMPTY?e}", ""),
    ("${U+r}", ""), ("${EMPTY:+r}", ""), ("${EMPTY+r}", "r"), ("${U:-${U2:-deep}}", "deep"), ("${A:+${N}}", "3"), ("$$A", "$A"),
    ("$$$A", "$aval"), ("a$", "a$"), ("$1", "$1"), ("$(A)", "$(A)"), ("${U:-a}b}", "ab}"), ("100%$A", "100%aval"), ("${A_B-c}", "c"),
  ])
  func substitutes(_ text: String, _ expected: String) throws {
    var interpolation = Interpolation { Self.environment[$0] }
    #expect(try interpolation.substitute(text) == expected)
  }

  @Test(arguments: ["${", "${}", "${A", "${A B}", "${-x}", "${A:x}", "${A:}"])
  func refusesWhatIsNoVariable(_ text: String) {
    var interpolation = Interpolation { Self.environment[$0] }
    #expect(throws: Interpolation.Failure.invalidTemplate(text)) { try interpolation.substitute(text) }
  }

  @Test func requiredVariable() {
    var interpolation = Interpolation { Self.environment[$0] }
    #expect(throws: Interpolation.Failure.required(name: "EMPTY", message: "no aval")) { try interpolation.substitute("${EMPTY:?no $A}") }
  }

  @Test func unsetNamesAreReportedOnce() throws {
    var interpolation = Interpolation { Self.environment[$0] }
    _ = try interpolation.substitute("$U $A $U ${V}")
    #expect(interpolation.unset == ["U", "V"])
  }

  @Test func nestingIsBounded() {
    var interpolation = Interpolation { _ in nil }
    let text = String(repeating: "${U:-", count: 5000) + String(repeating: "}", count: 5000)
    #expect(throws: Interpolation.Failure.self) { try interpolation.substitute(text) }
  }
}
