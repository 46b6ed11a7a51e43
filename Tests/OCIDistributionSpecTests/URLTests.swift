import OCIDistributionSpec
import Testing

@Suite struct URLTests {
  @Test(arguments: [
    ("https://r/v2/a/blobs/uploads/", "/v2/x?y=1", "https://r/v2/x?y=1"),
    ("https://r/v2/a/", "https://s/z", "https://s/z"),
    ("http://r:5000/v2/a/b?c", "d", "http://r:5000/v2/a/d"),
    ("https://r/v2/", "//s/z", "https://s/z"),
  ])
  func locationsAreResolved(_ base: String, _ location: String, _ expected: String) {
    #expect(absoluteURL(location, relativeTo: base) == expected)
  }

  @Test func userInformationIsNoHost() {
    #expect(splitURL("https://registry.example@evil.example/x").authority == "evil.example")
  }

  @Test func queriesAreEncoded() {
    #expect(formEncoded([("scope", "repository:a/b:pull"), ("service", "a b&c")]) == "scope=repository%3Aa%2Fb%3Apull&service=a%20b%26c")
  }

  @Test(arguments: [
    ("</v2/x/tags/list?last=a>; rel=\"next\"", "/v2/x/tags/list?last=a"), ("<https://r/v2/>;rel=next", "https://r/v2/"),
    ("</v2/>; title=\"x\"; rel=\"next\"", "/v2/"), ("</v2/>; rel=\"prev\"", nil), ("/v2/; rel=\"next\"", nil), ("<x", nil), (">a<", nil),
  ])
  func links(_ header: String, _ expected: String?) {
    #expect(nextLink(header) == expected)
  }

  @Test(
    arguments: [
      ("bytes 5-9/10", 5...9), ("0-499", 0...499), ("bytes 0-0/*", 0...0), ("bytes */10", nil), ("9-5", nil), ("-5", nil), ("5-", nil),
      ("", nil),
    ] as [(String, ClosedRange<Int64>?)])
  func ranges(_ header: String, _ expected: ClosedRange<Int64>?) {
    #expect(rangeBounds(header) == expected)
  }

  @Test func warnings() {
    #expect(warningText(#"299 - "closes \"at\" six""#) == #"closes "at" six"#)
    #expect(warningText("plain") == "plain")
  }
}
