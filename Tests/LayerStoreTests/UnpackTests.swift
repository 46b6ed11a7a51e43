import ContentHash
import ImageStore
import JSON
import LayerArchive
import LayerStore
import Linux
import OCIImageSpec
import SystemPackage
import Testing

/// A store with images of real layers.
final class LayerFixture {
  let store: ImageStore

  init() throws {
    let root = FilePath("/dev/shm/tote-layers-test.\(UInt64.random(in: .min ... .max))")
    try makeDirectories(root)
    store = ImageStore(root)
  }

  deinit { try? removeTree(store.root) }

  /// A layer of regular files, names and contents; `.wh.` names are whiteouts.
  func layer(_ files: [(String, String)], _ compression: LayerCompression = .none, opaqueRoot: Bool = false) throws -> [UInt8] {
    let sink = MemorySink()
    let writer = try LayerWriter(to: sink, compression: compression)
    if opaqueRoot { try writer.addOpaque("") }
    for (name, content) in files {
      try writer.add(TarEntry(BytePath(name), .regular, mode: 0o644), bytes: Array(content.utf8))
    }
    _ = try writer.finish()
    return sink.bytes
  }

  func image(_ layers: [[UInt8]], name: String = "bb:1", diffID: Digest? = nil) throws -> StoredImage {
    let hold = try store.hold()
    var configuration = ImageConfiguration(platform: .host)
    var descriptors: [Descriptor] = []
    for layer in layers {
      let added = try store.addLayer(hold, from: MemorySource(layer), name: "test")
      descriptors.append(Descriptor(mediaType: MediaType(rawValue: added.mediaType), digest: added.digest, size: added.size))
      configuration.rootfs.diffIDs.append(diffID ?? added.diffID)
    }
    let config = try store.put(hold, configuration, .imageConfig)
    let target = try store.put(hold, ImageManifest(config: config, layers: descriptors), .imageManifest)
    try store.record(hold, target, as: try Reference(name))
    return try store.resolve(name).image
  }
}

@Suite struct UnpackTests {
  let fixture: LayerFixture
  var store: ImageStore { fixture.store }

  init() throws { fixture = try LayerFixture() }

  @Test(arguments: [LayerCompression.none, .gzip, .zstd])
  func layersAreStackedTopmostFirst(_ compression: LayerCompression) throws {
    let image = try fixture.image([fixture.layer([("a", "1")], compression), fixture.layer([("b", "2")], compression)])
    let directories = try store.unpack(try store.hold(), image)
    #expect(try directories == #require(try store.lowerDirectories(image)))
    #expect(try readFile(directories[0].appending("b")) == Array("2".utf8))
    #expect(try readFile(directories[1].appending("a")) == Array("1".utf8))
    #expect(try store.check().isEmpty)
    #expect(try store.size(of: image) == Int64(fixture.layer([("a", "1")]).count * 2))
  }

  @Test func whatIsThereIsNotUnpackedAgain() throws {
    let image = try fixture.image([fixture.layer([("a", "1")])])
    var steps: [String] = []
    for _ in 0..<2 {
      _ = try store.unpack(
        try store.hold(), image,
        progress: { step in
          if case .unpacking = step { steps.append("unpacking") }
          if case .present = step { steps.append("present") }
        })
    }
    #expect(steps == ["unpacking", "present"])
  }

  @Test func anOpaqueRootDropsTheLayersBelow() throws {
    let image = try fixture.image([fixture.layer([("a", "1")]), fixture.layer([("b", "2")], opaqueRoot: true)])
    let directories = try store.unpack(try store.hold(), image)
    #expect(directories == [store.layerDirectory(image.chainIDs[1]).appending("fs")])
    #expect(try store.lowerDirectories(image) == directories)
  }

  @Test func aWrongDiffIDLeavesNothing() throws {
    let wrong = contentDigest(of: [1])
    let image = try fixture.image([fixture.layer([("a", "1")], .gzip)], diffID: wrong)
    let error = try #require(throws: LayerStoreError.self) { try store.unpack(try store.hold(), image) }
    #expect(error.description.contains("expected \(wrong)"))
    #expect(try openFile(store.layers, [.readOnly, .directory]).entries().allSatisfy { $0.name.string.hasSuffix(".lock") })
    #expect(store.verify(image).count == 1)
  }

  @Test func compressionForAPushIsRemembered() throws {
    let image = try fixture.image([fixture.layer([("a", String(repeating: "x", count: 100_000))])])
    let layer = image.manifest.layers[0]
    let diffID = image.configuration.rootfs.diffIDs[0]
    let first = try store.compress(try store.hold(), layer, diffID: diffID)
    #expect(first.mediaType == .layerGzip && first.size < layer.size)
    #expect(try store.verifyLayer(first, diffID: diffID).digest == first.digest)
    _ = try store.collectGarbage()
    #expect(try !store.hasBlob(first.digest))
    #expect(store.compressedForm(diffID, .gzip) == first)
    #expect(try store.compress(try store.hold(), layer, diffID: diffID) == first)
    #expect(try store.compress(try store.hold(), first, diffID: diffID) == first)
  }
}
