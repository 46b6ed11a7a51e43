import Testing

@testable import Dockerfile

@Suite struct FaultTests {
  @Test func aVeryLongLineIsShownNearTheFault() throws {
    let source = Array(
      ("FROM a\nCOPY " + String(repeating: "x", count: 5000) + " --from=b\nENV " + String(repeating: "y=1 ", count: 100) + "z").utf8)
    let errors = #expect(throws: DockerfileErrors.self) { try DockerfileDocument(parsing: source) }
    let report = try #require(errors?.errors.first).report(file: "D", source: source)
    #expect(report.hasPrefix("D:3:405: no '=' in 'z', expected name=value\n3 | "))
    #expect(report.utf8.count < 300)
    #expect(report.hasSuffix("^"))
  }

  @Test func aLineHasABound() {
    let text = "FROM a\nRUN " + String(repeating: "x", count: 65_531)
    #expect(throws: Never.self) { try DockerfileDocument(parsing: Array(text.utf8)) }
    #expect(throws: DockerfileErrors.self) { try DockerfileDocument(parsing: Array((text + "x").utf8)) }
  }

  @Test(
    arguments: [
      ("type=cache,target=/a,readonly", nil), ("type=bogus", "bind"), ("type=secret,id=a,sharing=shared", "sharing"), ("mode=0700", "mode"),
      ("type=tmpfs,target=/a,size=1x", "size"), ("required,type=secret,id=a", "required"), ("type=secret", "needs an id"),
      ("type=cache,target=/a,shraing=locked", "sharing"), ("target", "target=VALUE"),
    ] as [(String, String?)])
  func mountsAreCheckedWhenTheyAreUsed(_ text: String, _ word: String?) throws {
    let document = try DockerfileDocument(parsing: Array("FROM a\nRUN --mount=\(text) x".utf8))
    guard case .run(let run) = document.stages[0].instructions[0].kind else { throw DockerfileError("no RUN") }
    do throws(DockerfileError) {
      _ = try run.mounts[0].resolved { (value: String) throws(WordExpansionError) in value }
      #expect(word == nil)
    } catch {
      #expect(error.text.contains(try #require(word)), "\(error.text)")
    }
  }

  @Test func durationsAreGos() {
    #expect(GoDuration("1m30s")?.description == "1m30s")
    #expect(GoDuration("1.5s")?.nanoseconds == 1_500_000_000)
    #expect(GoDuration("90s")?.description == "1m30s")
    #expect(GoDuration("1h")?.description == "1h0m0s")
    #expect(GoDuration("5") == nil)
    #expect(GoDuration("") == nil)
  }
}
