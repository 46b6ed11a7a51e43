import ContentHash
import ImageStore
import Linux
import OCIImageSpec
import SystemPackage
import Testing

@Suite struct BlobTests {
  let temporary: TemporaryStore
  var store: ImageStore { temporary.store }

  init() throws { temporary = try TemporaryStore() }

  @Test func aBlobHasItsDigestAsItsName() throws {
    let (digest, size) = try store.putBlob(try store.hold(), Array("hello\n".utf8))
    // sha256sum's answer
    #expect("\(digest)" == "sha256:5891b5b522d5df086d0ff0b110fbd9d21bb4fc7163af34d08286a2e846f6be03")
    #expect(size == 6)
    #expect(try readFile(store.blobPath(digest)) == Array("hello\n".utf8))
    #expect(try fileStatus(store.blobPath(digest)).permissions == 0o444)
    #expect(try store.putBlob(try store.hold(), Array("hello\n".utf8)).digest == digest)
  }

  @Test func theStoreIsALayout() throws {
    _ = try store.hold()
    #expect(try readFile(store.images.appending("oci-layout")) == Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))
    #expect(try store.entries().isEmpty)
  }

  @Test func nothingIsThereBeforeTheEnd() throws {
    let hold = try store.hold()
    do {
      var writer = try store.blobWriter(hold)
      try writer.write(Array("abandoned".utf8))
    }
    #expect(try openFile(store.images.appending("blobs/sha256"), [.readOnly, .directory]).entries().isEmpty)
  }

  @Test func promisesAreKept() throws {
    let hold = try store.hold()
    let wrong = contentDigest(of: Array("other".utf8))
    var writer = try store.blobWriter(hold, digest: wrong)
    try writer.write(Array("content".utf8))
    let actual = contentDigest(of: Array("content".utf8))
    do {
      _ = try writer.finish()
      Issue.record("a wrong digest was taken")
    } catch { #expect(error == .unexpectedDigest(expected: wrong, actual: actual)) }
    #expect(try !store.hasBlob(actual))

    var long = try store.blobWriter(hold, size: 3)
    do {
      try long.write(Array("1234".utf8))
      Issue.record("more than the expected size was taken")
    } catch { #expect(error == .unexpectedSize(nil, expected: 3, actual: 4)) }

    var short = try store.blobWriter(hold, size: 3)
    try short.write(Array("12".utf8))
    do {
      _ = try short.finish()
      Issue.record("less than the expected size was taken")
    } catch { #expect(error == .unexpectedSize(nil, expected: 3, actual: 2)) }
  }

  @Test func damageIsFound() throws {
    let (digest, size) = try store.putBlob(try store.hold(), Array("content".utf8))
    let descriptor = Descriptor(mediaType: .imageConfig, digest: digest, size: size)
    #expect(try store.readBlob(descriptor) == Array("content".utf8))
    try temporary.flip(store.blobPath(digest))
    #expect(throws: ImageStoreError.self) { try store.readBlob(descriptor) }
    #expect(throws: ImageStoreError.self) { try store.verifyBlob(digest) }
    try replaceFile(store.blobPath(digest), with: Array("conten".utf8))
    #expect(throws: ImageStoreError.corruptBlob(digest, "it has 6 bytes instead of 7")) { try store.readBlob(descriptor) }
    // A half-written blob of a foreign tool is healed by writing it again.
    _ = try store.putBlob(try store.hold(), Array("content".utf8))
    #expect(try store.readBlob(descriptor) == Array("content".utf8))
    try removeFile(store.blobPath(digest))
    #expect(throws: ImageStoreError.missingBlob(digest)) { try store.readBlob(descriptor) }
  }

  @Test func onlyRegularFilesAreBlobs() throws {
    _ = try store.hold()
    let digest = contentDigest(of: Array("root".utf8))
    try makeDirectories(store.blobPath(digest))
    #expect(throws: ImageStoreError.corruptBlob(digest, "it is not a regular file")) { try store.verifyBlob(digest) }
  }
}
