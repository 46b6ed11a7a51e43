import Glibc
import ImageStore
import Linux
import OCIImageSpec
import SystemPackage
import Testing

@Suite struct CheckTests {
  let temporary: TemporaryStore
  var store: ImageStore { temporary.store }

  init() throws { temporary = try TemporaryStore() }

  @Test func aSoundStoreHasNothingToSay() throws {
    try temporary.add("bb:1", layers: ["a", "b"])
    try temporary.addIndex("multi", [.host, Platform(os: "linux", architecture: "s390x")])
    #expect(try store.check().isEmpty)
  }

  @Test func everyFlippedBitIsFound() throws {
    try temporary.add("bb:1", layers: ["a", "b"])
    for digest in try store.storedBlobs() {
      let path = store.blobPath(digest)
      let content = try readFile(path)
      try temporary.flip(path)
      let findings = try store.check()
      #expect(
        findings.contains { if case .corruptBlob(digest, _, ["bb:1"]) = $0 { true } else { false } }, "\(digest): \(findings)")
      try replaceFile(path, with: content)
    }
    #expect(try store.check().isEmpty)
  }

  @Test func aFlippedBitInTheIndexIsFound() throws {
    try temporary.add("bb:1")
    let path = store.images.appending("index.json")
    var bytes = try readFile(path)
    // In place, as a disk would: same file, same times.
    let status = try fileStatus(path)
    let tag = Array("library/bb:1".utf8)
    let start = try #require(bytes.indices.first { bytes[$0...].starts(with: tag) })
    bytes[start + tag.count - 1] ^= 1
    try openFile(path, .writeOnly).writeAll(bytes)
    try setModified(path, status.modified)
    #expect(try store.check().contains(.damagedIndex))
    _ = try store.repair([.damagedIndex])
    #expect(try store.check().isEmpty)
  }

  @Test func missingBlobsAreNamed() throws {
    let target = try temporary.add("bb:1", layers: ["a"])
    let layer = try store.manifest(target).layers[0].digest
    try removeFile(store.blobPath(layer))
    #expect(try store.check() == [.missingBlob(layer, usedBy: ["bb:1"])])
    try removeFile(store.blobPath(target.digest))
    #expect(try store.check().contains(.missingBlob(target.digest, usedBy: ["bb:1"])))
  }

  @Test func repairMovesDamageOutOfTheWay() throws {
    try temporary.add("good", layers: ["g"])
    let target = try temporary.add("bb:1", layers: ["a"])
    try temporary.flip(store.blobPath(target.digest))
    let done = try store.repair(try store.check())
    #expect(done == ["moved blob '\(target.digest)' to images/damaged/", "dropped 'bb:1': its manifest is gone"])
    #expect(try store.check().allSatisfy(\.isHarmless))
    #expect(throws: ImageStoreError.noSuchImage("bb:1")) { try store.resolve("bb:1") }
    // Adding it again brings everything back.
    try temporary.add("bb:1", layers: ["a"])
    #expect(try store.check().isEmpty)
  }

  @Test func aLostIndexIsMadeAnew() throws {
    let target = try temporary.add("bb:1", layers: ["a"])
    try temporary.addIndex("multi", [.host, Platform(os: "linux", architecture: "s390x")])
    try replaceFile(store.images.appending("index.json"), with: Array("{\"schemaVersion\":2,".utf8))
    let findings = try store.check()
    #expect(findings.contains { if case .invalidIndex = $0 { true } else { false } })
    _ = try store.repair(findings)
    let entries = try store.entries()
    #expect(entries.count == 2 && entries.contains { $0.digest == target.digest })
    #expect(try store.check().isEmpty)
  }

  @Test func aBrokenImageCanBeRemovedByName() throws {
    let target = try temporary.add("bb:1")
    try removeFile(store.blobPath(target.digest))
    #expect(try store.list().damaged.map(\.error) == [.missingBlob(target.digest)])
    #expect(try store.remove("bb:1") == [.untagged("bb:1")])
  }
}

private func setModified(_ path: FilePath, _ time: Timestamp) throws {
  let moment = timespec(tv_sec: Int(time.seconds), tv_nsec: Int(time.nanoseconds))
  let times = [moment, moment]
  #expect(unsafe utimensat(AT_FDCWD, path.string, times, 0) == 0)
}
