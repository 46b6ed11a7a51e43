import ContentHash
import ImageStore
import JSON
import LayerArchive
import LayerStore
import Linux
import OCIImageSpec
import SystemPackage
import Testing

@Suite struct ArchiveTests {
  let fixture: LayerFixture
  var store: ImageStore { fixture.store }

  init() throws { fixture = try LayerFixture() }

  private func saved(_ images: [SavedImage]) throws -> [UInt8] {
    let sink = MemorySink()
    try store.save(images, to: sink)
    return sink.bytes
  }

  private func archive(_ files: [(String, [UInt8])], links: [(String, String)] = []) throws -> MemorySource {
    let sink = MemorySink()
    let writer = try LayerWriter(to: sink, compression: .none, ordered: false)
    for (name, content) in files { try writer.add(TarEntry(BytePath(name), .regular, mode: 0o644), bytes: content) }
    for (name, target) in links { try writer.add(TarEntry(BytePath(name), .symbolicLink(BytePath(target)), mode: 0o777)) }
    _ = try writer.finish()
    return MemorySource(sink.bytes)
  }

  @Test func whatIsSavedIsLoadedAgain() throws {
    let image = try fixture.image([fixture.layer([("a", "1")]), fixture.layer([("b", "2")], .gzip)])
    let names = [try Reference("bb:1"), try Reference("localhost:5000/me/bb:2")]
    let bytes = try saved([SavedImage(image, names: names)])
    #expect(try saved([SavedImage(image, names: names)]) == bytes, "the same images give the same bytes")
    let other = try LayerFixture()
    let loaded = try other.store.load(MemorySource(bytes))
    #expect(loaded.map(\.name) == names.map(Optional.init))
    #expect(loaded.allSatisfy { $0.id == image.id && $0.target.digest == image.target.digest })
    #expect(try other.store.check().isEmpty)
  }

  @Test func aDockerArchiveKeepsItsImageID() throws {
    let layer = try fixture.layer([("a", "1")])
    var configuration = ImageConfiguration(platform: .host)
    configuration.rootfs.diffIDs = [contentDigest(of: layer), contentDigest(of: layer)]
    let config = try encodeJSON(configuration)
    let manifest = #"[{"Config":"c.json","RepoTags":["bb:1","bb:2"],"Layers":["x/layer.tar","y/layer.tar"]}]"#
    let source = try archive(
      [("x/layer.tar", layer), ("c.json", config), ("manifest.json", Array(manifest.utf8))], links: [("y/layer.tar", "../x/layer.tar")])
    let loaded = try store.load(source)
    #expect(loaded.compactMap { $0.name?.familiarDescription } == ["bb:1", "bb:2"])
    #expect(loaded[0].id == contentDigest(of: config))
    #expect(try store.resolve("bb:2").image.manifest.layers.map(\.digest) == configuration.rootfs.diffIDs)
    _ = try store.collectGarbage()
    #expect(try store.check().isEmpty)
  }

  @Test(arguments: [
    (#"[{"Config":"c.json","RepoTags":["UPPER:1"],"Layers":["l"]}]"#, "RepoTags: 'UPPER:1'"),
    (#"[{"Config":"../c.json","Layers":["l"]}]"#, "'../c.json' leads out of the archive"),
    (#"[{"Config":"c.json","Layers":["out"]}]"#, "'out' is a link that leads out of the archive"),
    (#"[{"Config":"c.json","Layers":["circle"]}]"#, "leads nowhere"),
    (#"[{"Config":"c.json","Layers":["none"]}]"#, "layer 'none' is missing"),
    (#"[{"Config":"c.json","Layers":[]}]"#, "1 for 0 layers"),
    (#"[{"Config":"c.json","Layers":["wrong"]}]"#, "diffID is"),
    (#"[{"Config":"none","Layers":["l"]}]"#, "configuration 'none' is missing"),
    (#"[]"#, "there is no image in it"), (#"{"#, "manifest.json: 1:2"),
  ])
  func badDockerArchives(_ manifest: String, _ reason: String) throws {
    let layer = try fixture.layer([("a", "1")])
    var configuration = ImageConfiguration(platform: .host)
    configuration.rootfs.diffIDs = [contentDigest(of: layer)]
    let source = try archive(
      [
        ("manifest.json", Array(manifest.utf8)), ("c.json", try encodeJSON(configuration)), ("l", layer),
        ("wrong", try fixture.layer([("a", "2")])),
      ], links: [("out", "../../etc/passwd"), ("circle", "circle")])
    let error = try #require(throws: LayerStoreError.self) { try store.load(source) }
    #expect(error.description.contains(reason), "\(error)")
    #expect(try store.entries().isEmpty)
  }

  @Test func whatIsNoArchiveIsRefused() throws {
    #expect(throws: LayerStoreError.self) { try store.load(MemorySource(Array("not a tar".utf8))) }
    #expect(throws: LayerStoreError.self) { try store.load(MemorySource([])) }
    let error = try #require(throws: LayerStoreError.self) { try store.load(try archive([("a", [1])])) }
    #expect(error.description.contains("neither an OCI layout nor a docker archive"))
  }

  @Test func aTruncatedArchiveIsRefused() throws {
    let image = try fixture.image([fixture.layer([("a", String(repeating: "x", count: 1_000_000))])])
    let bytes = try saved([SavedImage(image, names: image.names)])
    let other = try LayerFixture()
    #expect(throws: LayerStoreError.self) { try other.store.load(MemorySource(Array(bytes.prefix(bytes.count / 2)))) }
    #expect(try other.store.entries().isEmpty)
  }

  @Test func saveRefusesDamage() throws {
    let image = try fixture.image([fixture.layer([("a", "1")])])
    let path = store.blobPath(image.manifest.layers[0].digest)
    var bytes = try readFile(path)
    bytes[600] ^= 1
    try replaceFile(path, with: bytes)
    #expect(throws: LayerStoreError.self) { try saved([SavedImage(image, names: [])]) }
  }
}
