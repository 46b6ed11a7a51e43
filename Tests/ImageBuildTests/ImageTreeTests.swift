import LayerArchive
import Linux
import Testing

@testable import ImageBuild

struct ImageTreeTests {
  private func tree(_ layers: [[TarEntry]]) throws -> ImageTree {
    let indexes = try layers.map { entries in
      var builder = LayerIndexBuilder()
      for entry in entries { builder.add(entry) }
      let built = try #require(builder.finish())
      // What is read back from the cache is the same.
      return try #require(LayerIndex(built.content))
    }
    return ImageTree(indexes.reversed(), try BuildEpoch(nil))
  }

  private func directory(_ path: BytePath, _ mode: UInt32 = 0o755) -> TarEntry { TarEntry(path, .directory, mode: mode) }
  private func file(_ path: BytePath) -> TarEntry { TarEntry(path, .regular, mode: 0o644) }

  @Test func theTopmostLayerCounts() throws {
    let tree = try tree([[directory("a", 0o700), file("a/x")], [directory("a", 0o711)]])
    #expect(tree["a"]?.mode == 0o711)
    #expect(tree["a/x"]?.kind == .regular)
    #expect(tree["a/y"] == nil)
    #expect(tree[""]?.kind == .directory)
  }

  @Test func whiteoutsHide() throws {
    let lower = [directory("a"), file("a/x"), directory("b"), file("b/y"), file("c")]
    let tree = try tree([lower, [file("a/.wh.x"), file("b/.wh..wh..opq"), file("b/z"), file(".wh.c")]])
    #expect(tree["a"] != nil)
    #expect(tree["a/x"] == nil)
    #expect(tree["b/y"] == nil)
    #expect(tree["b/z"] != nil)
    #expect(tree["c"] == nil)
  }

  @Test func whatLiesBelowARemovedOrReplacedDirectoryIsGone() throws {
    let tree = try tree([[directory("a"), directory("a/b"), file("a/b/c")], [file(".wh.a")], [directory("a")]])
    #expect(tree["a"] != nil)
    #expect(tree["a/b"] == nil)
    #expect(tree["a/b/c"] == nil)
    #expect(try self.tree([[directory("a"), file("a/b")], [file("a")]])["a/b"] == nil)
  }

  @Test func aDirectoryThatNoLayerNamesIsThere() throws {
    let tree = try tree([[file("a/b/c")]])
    #expect(tree["a"]?.mode == 0o755)
    #expect(tree["a/b"]?.kind == .directory)
    #expect(tree["a/bc"] == nil)
  }

  @Test func aHardLinkIsWhatItLeadsTo() throws {
    var link = file("l")
    link.kind = .hardLink("f")
    var loop = file("m")
    loop.kind = .hardLink("m")
    let tree = try tree([[TarEntry("f", .regular, mode: 0o600)], [link, loop]])
    #expect(tree["l"]?.mode == 0o600)
    #expect(tree["m"] == nil)
  }

  @Test func linksAreFollowedInsideTheRoot() throws {
    let tree = try tree([
      [
        directory("usr"), directory("usr/lib"), TarEntry("lib", .symbolicLink("usr/lib"), mode: 0o777),
        TarEntry("up", .symbolicLink("../../../usr"), mode: 0o777), TarEntry("loop", .symbolicLink("loop"), mode: 0o777),
        TarEntry("usr/abs", .symbolicLink("/lib/x"), mode: 0o777),
      ]
    ])
    #expect(try tree.resolve("lib/new/file") == "usr/lib/new/file")
    #expect(try tree.resolve("up/lib") == "usr/lib")
    #expect(try tree.resolve("usr/abs") == "usr/lib/x")
    #expect(try tree.resolve("../../etc") == "etc")
    #expect(throws: BuildError.self) { try tree.resolve("loop") }
  }

  @Test(arguments: [0, 8, 15, 16, 30])
  func aDamagedIndexIsNoIndexOrHasNothing(_ length: Int) throws {
    var builder = LayerIndexBuilder()
    builder.add(file("abc"))
    let content = try #require(builder.finish()).content
    #expect(LayerIndex(Array(content[..<min(length, content.count)]))?["abc"] == nil)
  }

  @Test func theLastOfSeveralEntriesForOnePathCounts() throws {
    let tree = try tree([[file("a"), directory("a", 0o700)]])
    #expect(tree["a"]?.kind == .directory)
  }
}
