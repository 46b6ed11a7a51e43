import Testing

@testable import ImageBuild

struct ModeChangeTests {
  @Test(
    arguments: [
      ("640", 0o777, false, 0o640), ("4755", 0o644, false, 0o4755), ("u=rwX,go=rX", 0o600, false, 0o644),
      ("u=rwX,go=rX", 0o600, true, 0o755), ("u=rwX,go=rX", 0o711, false, 0o755), ("+x", 0o644, false, 0o755), ("g=u", 0o640, false, 0o660),
      ("a-w", 0o666, false, 0o444), ("u+s", 0o755, false, 0o4755), ("+t", 0o777, true, 0o1777), ("o=", 0o777, false, 0o770),
      ("u-x+w,g=", 0o550, false, 0o600),
    ] as [(String, UInt32, Bool, UInt32)])
  func applies(_ text: String, _ mode: UInt32, _ isDirectory: Bool, _ expected: UInt32) throws {
    #expect(try ModeChange(text).applied(to: mode, isDirectory: isDirectory) == expected)
  }

  @Test(arguments: ["99999", "8", "", "rw", "u=q", "u=rw,", "u", "=ug", "0x1ff", "u+w g+w"])
  func refuses(_ text: String) {
    #expect(throws: BuildError.self) { try ModeChange(text) }
  }
}
