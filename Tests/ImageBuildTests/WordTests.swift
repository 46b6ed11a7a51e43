import Testing

@testable import ImageBuild

struct WordTests {
  @Test(arguments: [
    ("80", ["80/tcp"]), ("53/UDP", ["53/udp"]), ("8000-8002", ["8000/tcp", "8001/tcp", "8002/tcp"]), ("8080:80", ["80/tcp"]),
    ("127.0.0.1:8080:80/sctp", ["80/sctp"]),
  ])
  func ports(_ word: String, _ expected: [String]) throws {
    #expect(try exposedPorts(word) == expected)
  }

  @Test(arguments: ["", "x", "70000", "90-80", "80/icmp", "-80", "80-", "+80", "1-2-3"])
  func refusesPorts(_ word: String) {
    #expect(throws: BuildError.self) { try exposedPorts(word) }
  }

  @Test(arguments: [
    ("/a", "/", "/a"), ("b", "/a", "/a/b"), ("..", "/a/b", "/a"), ("../../..", "/a", "/"), ("/a/", "/", "/a/"), ("c/d", "/a/", "/a/c/d"),
    (".", "/a", "/a"),
  ])
  func workingDirectories(_ word: String, _ current: String, _ expected: String) {
    #expect(Build.workingDirectory(word, current) == expected)
  }

  @Test(arguments: [("/x", "/w", "/x"), ("./", "/w", "/w/./"), (".", "/w", "/w/"), ("a/", "/", "/a/"), ("", "/w", "/w/")])
  func destinations(_ word: String, _ directory: String, _ expected: String) {
    #expect(Build.absolute(word, directory) == expected)
  }

  @Test func anEnvironmentKeepsTheOrderOfFirstDefinitions() {
    var list = EnvironmentList(["A=1", "B=x=y", "C"])
    list["A"] = "2"
    list["D"] = ""
    #expect(list.lines == ["A=2", "B=x=y", "C=", "D="])
    #expect(list["E"] == nil)
  }

  @Test func owners() throws {
    func none() throws(BuildError) -> Accounts { throw BuildError("asked") }
    #expect(try CopyRequest.Owner("7", none) == CopyRequest.Owner("7:7", none))
    #expect(try CopyRequest.Owner("7:8", none).groupID == 8)
    #expect(throws: BuildError.self) { try CopyRequest.Owner("name", none) }
    #expect(throws: BuildError.self) { try CopyRequest.Owner("1:", none) }
    #expect(throws: BuildError.self) { try CopyRequest.Owner(":1", none) }
  }
}
