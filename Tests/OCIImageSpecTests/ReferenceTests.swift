import JSON
import OCIImageSpec
import Testing

private let hex = String(repeating: "0123456789abcdef", count: 4)

@Suite struct ReferenceTests {
  @Test(arguments: [
    ("busybox", "docker.io/library/busybox", "busybox"),
    ("busybox:1.36", "docker.io/library/busybox:1.36", "busybox:1.36"),
    ("library/busybox", "docker.io/library/busybox", "busybox"),
    ("me/app:1", "docker.io/me/app:1", "me/app:1"),
    ("a/b/c", "docker.io/a/b/c", "a/b/c"),
    ("library/a/b", "docker.io/library/a/b", "library/a/b"),
    ("docker.io/busybox", "docker.io/library/busybox", "busybox"),
    ("index.docker.io/busybox", "docker.io/library/busybox", "busybox"),
    ("index.docker.io/me/app", "docker.io/me/app", "me/app"),
    ("docker.io/library", "docker.io/library/library", "library"),
    ("localhost/app", "localhost/app", "localhost/app"),
    ("localhost:5000/app:tag", "localhost:5000/app:tag", "localhost:5000/app:tag"),
    ("localhost:5000", "docker.io/library/localhost:5000", "localhost:5000"),
    ("127.0.0.1:5000/me/get-started:part2", "127.0.0.1:5000/me/get-started:part2", "127.0.0.1:5000/me/get-started:part2"),
    ("[::1]:5000/app", "[::1]:5000/app", "[::1]:5000/app"),
    ("[2001:db8::1]/app:1", "[2001:db8::1]/app:1", "[2001:db8::1]/app:1"),
    ("Uppercase/app", "Uppercase/app", "Uppercase/app"),
    ("example.com/a/b_c__d-e---f.g:T.a-g_1", "example.com/a/b_c__d-e---f.g:T.a-g_1", "example.com/a/b_c__d-e---f.g:T.a-g_1"),
    ("xn--n3h.com/app", "xn--n3h.com/app", "xn--n3h.com/app"),
    ("app@sha256:" + hex, "docker.io/library/app@sha256:" + hex, "app@sha256:" + hex),
    ("app:1@sha256:" + hex, "docker.io/library/app:1@sha256:" + hex, "app:1@sha256:" + hex),
    ("q.io/app@sha512:" + hex + hex, "q.io/app@sha512:" + hex + hex, "q.io/app@sha512:" + hex + hex),
    (String(hex.dropLast()), "docker.io/library/" + hex.dropLast(), String(hex.dropLast())),
    (hex + ":tag", "docker.io/library/" + hex + ":tag", hex + ":tag"),
    ("a:_x", "docker.io/library/a:_x", "a:_x"),
    ("foo_bar.com:8080", "docker.io/library/foo_bar.com:8080", "foo_bar.com:8080"),
  ])
  func completes(text: String, full: String, familiar: String) throws {
    let reference = try Reference(text)
    #expect(reference.description == full)
    #expect(reference.familiarDescription == familiar)
    #expect(try Reference(full) == reference)
    #expect(try Reference(familiar) == reference)
  }

  @Test(arguments: [
    "", ":tag", "@sha256:" + hex, "a:", "a:.x", "a:-x", "a::b", "a:b:c", "a@", "/a", "a/", "a//b", "-a", "a-", "_a", "a_", ".a", "a.",
    "a..b", "a___b", "a._b", "a b", "a\n", "a:b\n", "é", "a/b@c", "app@sha256:abc", "app@md5:" + hex, "app@sha256:" + hex.uppercased(),
    "app@sha256:" + hex + ":tag", "localhost:port/app", "localhost:/app", "example.com:5000/", "ex_ample.com/app", "-x.com/app",
    "a..com/app", "[::1/app", "[]/app", "[::g]/app", "[::1]:x/app", "https://example.com/app", "a:" + String(repeating: "t", count: 129),
    hex, "example.com/Foo", "Foo", "a/Foo:tag", "a/" + String(repeating: "b", count: 254), "..", "../../etc/passwd", "example.com/../a",
  ])
  func refuses(text: String) { #expect(throws: ReferenceError.self) { try Reference(text) } }

  @Test func messagesAreDockers() {
    func message(_ text: String) -> String? {
      do { _ = try Reference(text) } catch { return error.description }
      return nil
    }
    #expect(message("a b") == "'a b': invalid reference format")
    #expect(message("Foo:1") == "'Foo:1': invalid reference format: repository name (library/Foo) must be lowercase")
    #expect(message(hex) == "'\(hex)': invalid repository name (\(hex)), cannot specify 64-byte hexadecimal strings")
  }

  @Test func limits() throws {
    let longest = "q.io/" + String(repeating: "a", count: 255)
    #expect(try Reference(longest).path.count == 255)
    let error = try #require(throws: ReferenceError.self) { try Reference(longest + "a") }
    #expect(error.reason == .tooLong)
    #expect(try Reference("a:" + String(repeating: "t", count: 128)).tag?.count == 128)
  }

  @Test func tagsAndDigests() throws {
    let name = try Reference("busybox")
    #expect(name.isNameOnly && name.withDefaultTag.tag == "latest")
    let digest = try #require(Digest("sha256:" + hex))
    let pinned = try name.withTag("1").withDigest(digest)
    #expect(pinned.description == "docker.io/library/busybox:1@sha256:" + hex && pinned.withDefaultTag == pinned)
    #expect(pinned.withoutTagAndDigest == name && pinned.name == "docker.io/library/busybox" && pinned.familiarName == "busybox")
    #expect(try pinned.withTag("2").description == "docker.io/library/busybox:2")
    #expect(throws: ReferenceError.self) { try name.withTag("a/b") }
  }

  @Test func inDocuments() throws {
    #expect(try encodeJSON([Reference("busybox:1")]) == Array(#"["docker.io/library/busybox:1"]"#.utf8))
    #expect(try decodeJSON([Reference].self, from: ["me/app"]) == [Reference("docker.io/me/app")])
    let error = try #require(throws: JSONError.self) { try decodeJSON([Reference].self, from: ["a", "A"]) }
    #expect(error.description == "[1]: 'A': invalid reference format: repository name (library/A) must be lowercase")
  }
}
