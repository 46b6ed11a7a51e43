import Linux
import SystemPackage
import Testing

@Suite struct SpawnTests {
  @Test func aChildWritesIntoAPipe() throws {
    let pipe = try Pipe()
    let child = try SpawnedCommand(
      "/bin/sh", ["sh", "-c", "echo $GREETING; exit 3"], environment: ["GREETING=hello"], input: .none,
      output: .descriptor(pipe.writer.rawValue))
    let reader = pipe.keepReader()
    #expect(try reader.readAll() == Array("hello\n".utf8))
    #expect(try child.wait() == .exited(3))
  }

  @Test func aMissingProgramIsNamed() {
    #expect(throws: SystemError("exec", FilePath("/no/such"), .noSuchFileOrDirectory)) { _ = try SpawnedCommand("/no/such", ["such"]) }
  }

  @Test func toolsAreFoundOnThePath() throws {
    #expect(try toolPath("sh").lastComponent?.string == "sh")
    #expect(throws: SystemError("exec", "'no-such-tool'", .noSuchFileOrDirectory)) { _ = try toolPath("no-such-tool") }
  }
}
