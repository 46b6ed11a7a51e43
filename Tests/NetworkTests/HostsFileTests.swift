import Testing

@testable import Network

@Suite struct HostsFileTests {
  private let web = HostsFile.Line(IPv4Address(rawValue: 0xac1e_0002), ["web", "alias"])
  private let other = HostsFile.Line(IPv4Address(rawValue: 0xac1e_0003), ["db"])

  @Test func anEmptyFileBecomesTheStandardOne() {
    let content = HostsFile.content("", with: [web])
    #expect(content.hasPrefix("127.0.0.1\tlocalhost\n"))
    #expect(content.hasSuffix("172.30.0.2\tweb alias\t# tote\n"))
  }

  @Test func ownLinesAreReplacedAndOthersKept() {
    let first = HostsFile.content("10.0.0.1 build # by hand\n", with: [web, other])
    #expect(HostsFile.content(first, with: [other]) == "10.0.0.1 build # by hand\n172.30.0.3\tdb\t# tote\n")
    #expect(HostsFile.content(first, with: [web, other]) == first)
  }

  @Test func anAddressWithoutANameHasNoLine() {
    #expect(HostsFile.content("x\n", with: [HostsFile.Line(web.address, [])]) == "x\n")
  }
}
