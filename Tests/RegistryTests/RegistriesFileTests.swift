import Linux
import OCIImageSpec
import SystemPackage
import Testing

@testable import Registry

@Suite struct RegistriesFileTests {
  private func file(_ text: String) throws -> RegistriesFile {
    let path = FilePath("/tmp/tote-registries-\(UInt64.random(in: .min ... .max)).conf")
    defer { try? removeFile(path) }
    try replaceFile(path, with: Array(text.utf8))
    return try RegistriesFile([path])
  }

  private func sources(_ text: String, _ name: String) throws -> [String] {
    try file(text).sources(try Reference(name)).map { "\($0.host.name)/\($0.path)" + ($0.isInsecure ? " insecure" : "") }
  }

  @Test func withoutAnEntryAReferenceIsWhereItSays() throws {
    #expect(try sources("", "busybox") == ["docker.io/library/busybox"])
    #expect(try sources("unqualified-search-registries = ['x.example']", "me/app") == ["docker.io/me/app"])
  }

  @Test func mirrorsComeFirst() throws {
    let text = """
      [[registry]]
      location = "docker.io"
      [[registry.mirror]]
      location = "10.0.0.1:5000/hub"
      insecure = true
      [[registry.mirror]]
      location = "mirror.example"
      pull-from-mirror = "digest-only"
      """
    #expect(try sources(text, "busybox") == ["10.0.0.1:5000/hub/library/busybox insecure", "docker.io/library/busybox"])
    let digest = "sha256:" + String(repeating: "1", count: 64)
    #expect(try sources(text, "busybox@\(digest)").count == 3)
    #expect(try file(text).destination(try Reference("busybox")).host.name == "docker.io")
  }

  @Test func theLongestPrefixCountsAndEndsWhereANameDoes() throws {
    let text = """
      [[registry]]
      prefix = "r.example/team"
      location = "other.example/x"
      [[registry]]
      prefix = "r.example"
      location = "r.example:5000"
      [[registry]]
      prefix = "*.example"
      location = "wild.example"
      """
    #expect(try sources(text, "r.example/team/app:1") == ["other.example/x/app"])
    #expect(try sources(text, "r.example/teams/app:1") == ["r.example:5000/teams/app"])
    #expect(try sources(text, "a.b.example/app") == ["wild.example/app"])
    #expect(try sources(text, "r.example.org/app") == ["r.example.org/app"])
  }

  @Test func blockedIsSaidWithTheFile() throws {
    let text = "[[registry]]\nlocation = 'bad.example'\nblocked = true"
    #expect { try sources(text, "bad.example/x:1") } throws: {
      "\($0)".contains("bad.example/x:1: registry 'bad.example' is blocked in '/tmp/tote-registries-")
    }
    #expect(try sources(text, "good.example/x") == ["good.example/x"])
  }

  @Test(arguments: [
    "[[registry]]", "[[registry]]\nlocation = 1", "[[registry]]\nlocation = 'https://x.example'",
    "[[registry]]\nlocation='a.example'\nblocked='no'",
    "[[registry]]\nlocation='a.example'\n[[registry.mirror]]", "[registries.search]\nregistries = []", "[[registry]]\nlocation =",
    "[[registry]]\nlocation='a.example'\n[[registry.mirror]]\nlocation='b.example'\npull-from-mirror='never'",
  ])
  func whatIsWrongIsRefused(_ text: String) {
    #expect(throws: RegistryError.self) { _ = try file(text) }
  }
}
