import Testing

@testable import LayerArchive

@Test(arguments: [
  ("a/b", "a/b"), ("./a", "a"), ("/a//b/", "a/b"), ("a/./b", "a/b"), ("", ""), (".", ""), ("./", ""), ("/", ""), (".a", ".a"),
  ("...", "..."), ("a/..b", "a/..b"),
])
func pathsAreTakenRelativeToTheRoot(_ path: String, _ normal: String) {
  #expect(BytePath(path).normalized == BytePath(normal))
}

@Test(arguments: ["..", "a/..", "../a", "a/../b", "a\u{0}b"])
func pathsThatLeaveTheRootAreNone(_ path: String) { #expect(BytePath(path).normalized == nil) }

@Test func namesThatUnicodeCallsEqualDiffer() {
  #expect(BytePath("e\u{301}") != BytePath("\u{e9}"))
  #expect(Set([BytePath([0xff]), BytePath([0xfe])]).count == 2)
}

@Test func odditiesAreEscapedForPeople() {
  #expect(BytePath(Array("a\nb\u{1b}[".utf8) + [0xff, 92] + Array("é".utf8)).description == #"a\nb\x1b[\xff\\é"#)
}

@Test func theLayersOrderPutsWhiteoutsFirstAndContentAfterItsDirectory() {
  let ordered: [BytePath] = [
    "", ".wh..wh..opq", ".wh.z", "!", "a", "a/.wh..wh..opq", "a/.wh.b", "a/b", "a/b/c", "a-b", "b", BytePath([0xff]),
  ]
  #expect(ordered.reversed().sorted(by: precedesInLayer) == ordered)
  for path in ordered { #expect(!precedesInLayer(path, path)) }
}
