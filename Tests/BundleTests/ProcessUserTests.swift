import Testing

@testable import Bundle

@Suite struct ProcessUserTests {
  private let passwords = AccountFile.passwords(
    Array(
      "root:x:0:0:root:/root:/bin/sh\nbroken\nweb:x:1000:1000::/home/web:/bin/sh\n7:x:8:9::/seven:\nevil:x:-1:0::/:\nhuge:x:99999999999:0::/:\n"
        .utf8))
  private let groups = AccountFile.groups(Array("root:x:0:\nweb:x:1000:\nadm:x:4:web,other\naudio:x:29:web\n:x:5:\n".utf8))

  private func user(_ text: String, add: [String] = []) throws -> ProcessUser {
    try ProcessUser(resolving: text, groupAdd: add, passwords, groups)
  }

  @Test func resolves() throws {
    let root = try user("")
    #expect(root.userID == 0 && root.groupID == 0 && root.home == "/root" && root.additionalGroupIDs == [0])
    let web = try user("web")
    #expect(web.userID == 1000 && web.groupID == 1000 && web.additionalGroupIDs == [1000, 4, 29] && web.home == "/home/web")
    #expect(try user("1000").additionalGroupIDs == [1000, 4, 29])
    #expect(try user("web:adm").groupID == 4)
    #expect(try user("web:adm").additionalGroupIDs == [4])
    #expect(try user("1234:5678").groupID == 5678)
    #expect(try user("1234").groupID == 0)
    #expect(try user("1234").home == "/")
    #expect(try user("7").userID == 8)
    #expect(try user("", add: ["audio", "77"]).additionalGroupIDs == [0, 29, 77])
  }

  @Test(arguments: ["nobody", "evil", "huge", "99999999999", "-1", "+5", "0x10", "web:none", "web:-1", "1000:99999999999"])
  func refuses(_ text: String) {
    #expect(throws: BundleError.self) { try user(text) }
  }

  @Test func commands() throws {
    func arguments(_ entrypoint: [String], _ command: [String], _ flag: String?, _ operands: [String]) throws -> [String] {
      try Command(entrypoint: entrypoint, command: command, flag: flag, operands: operands).arguments
    }
    #expect(try arguments(["/e"], ["c"], nil, []) == ["/e", "c"])
    #expect(try arguments(["/e"], ["c"], nil, ["x", "y"]) == ["/e", "x", "y"])
    #expect(try arguments(["/e"], ["c"], "/f", []) == ["/f"])
    #expect(try arguments(["/e"], ["c"], "", ["x"]) == ["x"])
    #expect(throws: BundleError.self) { try arguments(["/e"], ["c"], "", []) }
    #expect(throws: BundleError.self) { try arguments([], [], nil, []) }
  }

  @Test func environments() {
    let configured = configuredEnvironment(image: ["PATH=/bin", "A=1", "B=2"], flags: ["A=9", "B", "C=3"])
    #expect(configured == ["A=9", "B", "C=3", "PATH=/bin"])
    #expect(
      processEnvironment(configured: configured, hostname: "h", tty: true, home: "/root")
        == ["PATH=/bin", "HOSTNAME=h", "TERM=xterm", "A=9", "C=3", "HOME=/root"])
    #expect(processEnvironment(configured: ["HOME=/x", "HOSTNAME"], hostname: "h", tty: false, home: "/root").suffix(1) == ["HOME=/x"])
  }
}
