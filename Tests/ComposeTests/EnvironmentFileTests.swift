import Testing

@testable import Compose

@Suite struct EnvironmentFileTests {
  @Test func values() throws {
    let text = "# c\nexport A=1\nB='$A #'\nC=\"x\\n${A}\\$\" # y\nD=a b # c\nE=\nH\nM=\"1\n2\"\nN: 7\n"
    let file = try EnvironmentFile(parsing: Array(text.utf8), file: ".env") { $0 == "H" ? "home" : nil }
    let expected = ["A": "1", "B": "$A #", "C": "x\n1$", "D": "a b", "E": "", "H": "home", "M": "1\n2", "N": "7"]
    #expect(file.values == expected)
  }

  @Test(arguments: [("A=1\n=2\n", ".env:2:1: "), ("A='1\n", ".env:1:1: "), ("A B=1\n", ".env:1:1: ")])
  func faults(_ text: String, _ start: String) {
    #expect { try EnvironmentFile(parsing: Array(text.utf8), file: ".env") { _ in nil } } throws: { "\($0)".hasPrefix(start) }
  }
}
