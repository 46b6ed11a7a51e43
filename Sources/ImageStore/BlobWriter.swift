internal import ContentHash
package import Linux
package import OCIImageSpec
internal import SystemPackage

/// Writes one blob: hashed as it comes, durable and under its name only when ``finish()`` returns.
///
/// Until then it is a file without a name: a process that is killed leaves nothing behind.
package struct BlobWriter: ~Copyable {
  private let store: ImageStore
  private let hold: ContentHold
  private let file: OwnedDescriptor
  private var hasher: ContentHasher
  private let expectedDigest: Digest?
  private let expectedSize: Int64?
  /// Bytes written so far.
  package private(set) var size: Int64 = 0

  fileprivate init(
    _ store: ImageStore, _ hold: ContentHold, _ file: consuming OwnedDescriptor, digest: Digest?, size: Int64?
  ) {
    self.store = store
    self.hold = hold
    self.file = file
    hasher = ContentHasher(digest?.algorithm ?? .sha256)
    expectedDigest = digest
    expectedSize = size
  }

  /// Content beyond the expected size is refused before it is written.
  package mutating func write(_ bytes: UnsafeRawBufferPointer) throws(ImageStoreError) {
    if let expectedSize, size + Int64(bytes.count) > expectedSize {
      throw .unexpectedSize(expectedDigest, expected: expectedSize, actual: size + Int64(bytes.count))
    }
    do throws(SystemError) { try unsafe file.writeAll(bytes) } catch { throw .system(error, "cannot write a blob to '\(store.images)'") }
    unsafe hasher.update(bytes)
    size += Int64(bytes.count)
  }

  package mutating func write(_ bytes: [UInt8]) throws(ImageStoreError) {
    try unsafe bytes.span.bytes.withUnsafeBytes { (bytes) throws(ImageStoreError) in try unsafe write(bytes) }
  }

  /// Checks size and digest, makes the content durable and gives it its name. A blob of that digest that is there already stays.
  package consuming func finish() throws(ImageStoreError) -> (digest: Digest, size: Int64) {
    let (store, hold, expectedDigest, expectedSize, size) = (store, hold, expectedDigest, expectedSize, size)
    defer { withExtendedLifetime(hold) {} }
    if let expectedSize, size != expectedSize { throw .unexpectedSize(expectedDigest, expected: expectedSize, actual: size) }
    let digest = hasher.finish()
    if let expectedDigest, digest != expectedDigest { throw .unexpectedDigest(expected: expectedDigest, actual: digest) }
    try store.name(file, digest, size: size)
    return (digest, size)
  }
}

extension ImageStore {
  /// Begins a blob. `digest` and `size` are what the content must turn out to be, where that is known beforehand.
  package func blobWriter(
    _ hold: ContentHold, digest: Digest? = nil, size: Int64? = nil
  ) throws(ImageStoreError) -> BlobWriter {
    BlobWriter(self, hold, try temporaryBlob(digest?.algorithm ?? .sha256), digest: digest, size: size)
  }

  /// A file without a name on the blobs' file system, for a writer that hashes for itself; see ``adopt(_:_:digest:size:)``.
  package func temporaryBlob(_ algorithm: Digest.Algorithm = .sha256) throws(ImageStoreError) -> OwnedDescriptor {
    let directory = images.appending("blobs/\(algorithm.rawValue)")
    return try attempting("cannot write a blob to '\(images)'") { () throws(SystemError) in
      if algorithm != .sha256 { try makeDirectories(directory) }
      return try openFile(directory, [.readWrite, .temporaryFile], mode: 0o444)
    }
  }

  /// Makes a blob of a file from ``temporaryBlob(_:)`` whose digest and size the caller has computed while writing it.
  package func adopt(
    _ hold: ContentHold, _ file: borrowing OwnedDescriptor, digest: Digest, size: Int64
  ) throws(ImageStoreError) {
    defer { withExtendedLifetime(hold) {} }
    try name(file, digest, size: size)
  }

  fileprivate func name(_ file: borrowing OwnedDescriptor, _ digest: Digest, size: Int64) throws(ImageStoreError) {
    do throws(SystemError) {
      let directory = try openFile(images.appending("blobs/\(digest.algorithm.rawValue)"), [.readOnly, .directory])
      let blob = FilePath(digest.encoded)
      try file.changeMode(0o444)
      try file.synchronizeData()
      do throws(SystemError) { try file.link(as: blob, in: directory) } catch {
        // Somebody else has written the same. A blob of another size is what a crash or a foreign tool left: ours is whole.
        guard error.errno == .fileExists else { throw error }
        let existing = try directory.status(of: blob)
        if existing.size != size || existing.kind != .regular {
          let aside = FilePath(".\(blob).\(UInt32.random(in: .min ... .max))")
          try file.link(as: aside, in: directory)
          try directory.rename(aside, to: blob)
        }
      }
      try directory.synchronize()
    } catch {
      throw .system(error, "cannot write blob '\(digest)'")
    }
  }

  /// Adds `content` as a blob.
  package func putBlob(_ hold: ContentHold, _ content: [UInt8]) throws(ImageStoreError) -> (digest: Digest, size: Int64) {
    var writer = try blobWriter(hold)
    try writer.write(content)
    return try writer.finish()
  }
}
