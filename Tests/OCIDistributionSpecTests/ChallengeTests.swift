import OCIDistributionSpec
import Testing

@Suite struct ChallengeTests {
  @Test func bearerWithEveryParameter() {
    let header = #"Bearer realm="https://auth.example/token",service="registry",scope="repository:a/b:pull,push""#
    #expect(
      Challenge.parse(header) == [
        Challenge(
          scheme: "bearer",
          parameters: ["realm": "https://auth.example/token", "service": "registry", "scope": "repository:a/b:pull,push"])
      ])
  }

  @Test func severalChallengesInOneHeader() {
    let schemes = Challenge.parse(#"Basic realm="x", Bearer realm="y",error=invalid_token"#)
    #expect(schemes.map(\.scheme) == ["basic", "bearer"])
    #expect(schemes[1].parameters["error"] == "invalid_token")
  }

  @Test func quotedPairsAreTaken() {
    #expect(Challenge.parse(#"Basic realm="a\"b""#).first?.parameters["realm"] == "a\"b")
  }

  @Test(arguments: ["", ",,,", "=", "Bearer realm=\"open", "\u{7f}", "Basic \"x\""])
  func rubbishEndsQuietly(_ header: String) {
    #expect(Challenge.parse(header).count <= 1)
  }
}
