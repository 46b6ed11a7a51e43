import ImageStore
import Linux
import OCIImageSpec
import SystemPackage
import Testing

@Suite struct RemovalTests {
  let temporary: TemporaryStore
  var store: ImageStore { temporary.store }

  init() throws { temporary = try TemporaryStore() }

  @Test func theLastNameTakesTheImageWithIt() throws {
    try temporary.add("bb:1", layers: ["base", "own"])
    try temporary.add("other", layers: ["base"])
    try store.tag("bb:1", as: try Reference("bb:2"))
    let image = try store.resolve("bb:1").image
    #expect(try store.remove("bb:1") == [.untagged("bb:1")])
    #expect(try store.remove("bb:2") == [.untagged("bb:2"), .deleted(image.id), .deleted(image.chainIDs[1])])
    #expect(try !store.hasBlob(image.id))
    #expect(try !store.hasBlob(image.manifest.layers[1].digest))
    #expect(try store.hasBlob(image.manifest.layers[0].digest))
    #expect(throws: ImageStoreError.noSuchImage("bb:2")) { try store.remove("bb:2") }
    #expect(try store.check().isEmpty)
  }

  @Test func anIDMeansEveryName() throws {
    try temporary.add("bb:1")
    let id = try store.resolve("bb:1").image.id
    let short = String(id.encoded.prefix(12))
    try store.tag("bb:1", as: try Reference("me/bb"))
    #expect(
      throws: ImageStoreError.conflict("unable to delete \(short) (must be forced) - image is referenced in multiple repositories")
    ) { try store.remove(short) }
    let steps = try store.remove(short, force: true)
    #expect(steps.prefix(3) == [.untagged("bb:1"), .untagged("me/bb:latest"), .deleted(id)])
  }

  @Test func aContainerKeepsItsImage() throws {
    try temporary.add("bb:1")
    let image = try store.resolve("bb:1").image
    let short = image.id.encoded.prefix(12)
    try temporary.container("0123456789abcdef", imageID: image.id)
    #expect(
      throws: ImageStoreError.conflict(
        "unable to remove repository reference \"bb:1\" (must force) - container 0123456789ab is using its referenced image \(short)")
    ) { try store.remove("bb:1") }
    #expect(try store.remove("bb:1", force: true) == [.untagged("bb:1")])
    #expect(try store.collectGarbage()?.blobs.isEmpty == true)
    #expect(try store.prune { _ in true }.steps.isEmpty)
    #expect(try store.resolve(String(short)).image.names.isEmpty)
    try removeTree(store.containers)
    #expect(try store.prune(\.isDangling).steps.first == .deleted(image.id))
    #expect(try store.storedBlobs().isEmpty)
  }

  @Test func aHoldKeepsWhatNothingNamesYet() throws {
    let hold = try store.hold()
    let digest = try store.putBlob(hold, Array("new".utf8)).digest
    #expect(try store.collectGarbage(waiting: false) == nil)
    #expect(try store.hasBlob(digest))
    withExtendedLifetime(hold) {}
  }

  @Test func collectionTakesWhatNothingLeadsTo() throws {
    let target = try temporary.add("bb:1", layers: ["a", "b"])
    do {
      let hold = try store.hold()
      _ = try store.putBlob(hold, Array("stray".utf8))
      try makeDirectories(store.layers.appending(".0.tmp/fs"))
    }
    let dry = try store.collectGarbage(dryRun: true)
    let collected = try #require(try store.collectGarbage())
    #expect(dry?.blobs == collected.blobs && collected.blobs.count == 1 && collected.size == 5)
    #expect(collected.leftovers == ["layers/.0.tmp"])
    #expect(try store.resolve("bb:1").image.target.digest == target.digest)
    #expect(try store.check().isEmpty)
  }

  @Test func collectionRefusesToGuess() throws {
    let target = try temporary.add("bb:1")
    try temporary.flip(store.blobPath(target.digest))
    #expect(throws: ImageStoreError.self) { try store.collectGarbage() }
    #expect(try store.storedBlobs().count == 3)
  }

  @Test func cacheRootsAreKept() throws {
    let digest: Digest
    do { digest = try store.putBlob(try store.hold(), Array("cached".utf8)).digest }
    let root = Descriptor(mediaType: .layer, digest: digest, size: 6)
    #expect(try store.collectGarbage(roots: [root])?.blobs.isEmpty == true)
    #expect(try store.collectGarbage()?.blobs == [digest])
  }

  @Test func unpackedLayersGoWithTheirImage() throws {
    try temporary.add("bb:1", layers: ["a"])
    let image = try store.resolve("bb:1").image
    let chainID = image.chainIDs[0]
    #expect(try store.lowerDirectories(image) == nil)
    let directory = try store.makeLayerDirectory(chainID)
    let boot = try currentBootID()
    let record = UnpackedLayer(
      diffID: chainID, chainID: chainID, digest: image.manifest.layers[0].digest, size: 1, opaqueRoot: false, bootID: boot)
    try store.publish(record, from: directory)
    #expect(try store.lowerDirectories(image) == [store.layers.appending(chainID.encoded).appending("fs")])
    #expect(try store.collectGarbage()?.layers.isEmpty == true)
    _ = try store.remove("bb:1")
    #expect(try store.unpackedLayer(chainID) == nil)
    #expect(try openFile(store.layers, [.readOnly, .directory]).entries().allSatisfy { $0.name.string.hasSuffix(".lock") })
  }

  @Test func anotherBootsLayerCountsOnlyWhenSynced() throws {
    try temporary.add("bb:1", layers: ["a"])
    let image = try store.resolve("bb:1").image
    let chainID = image.chainIDs[0]
    var record = UnpackedLayer(diffID: chainID, chainID: chainID, digest: chainID, size: 1, opaqueRoot: false, bootID: "another")
    try store.publish(record, from: try store.makeLayerDirectory(chainID))
    #expect(try store.unpackedLayer(chainID) == nil)
    #expect(try store.check() == [.untrustedLayer(chainID, "the machine was stopped before it was safely on the disk")])
    record.bootID = try currentBootID()
    try store.publish(record, from: try store.makeLayerDirectory(chainID))
    #expect(try store.unpackedLayer(chainID) != nil)
    #expect(try store.synchronizeLayers() == 1)
    #expect(try store.unpackedLayer(chainID)?.synced == true)
    #expect(try store.synchronizeLayers() == 0)
  }

  @Test func anOpaqueRootEndsTheList() throws {
    try temporary.add("bb:1", layers: ["a", "b"])
    let image = try store.resolve("bb:1").image
    for (chainID, opaque) in zip(image.chainIDs, [false, true]) {
      let record = UnpackedLayer(
        diffID: chainID, chainID: chainID, digest: chainID, size: 1, opaqueRoot: opaque, bootID: try currentBootID())
      try store.publish(record, from: try store.makeLayerDirectory(chainID))
    }
    #expect(try store.lowerDirectories(image) == [store.layerDirectory(image.chainIDs[1]).appending("fs")])
  }
}
