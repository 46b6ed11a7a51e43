internal import ContentHash
package import Linux
package import OCIImageSpec
internal import SystemPackage

/// A blob that is coming in: `images/partial/ALGORITHM-HEX`, which stays when the process dies and is gone on with by the next one
/// that wants the blob.
///
/// One process at a time has it: the lock is on the file itself, and whoever waits for it finds the blob in the store, or what has
/// come of it. What is there from before is hashed again, and the whole against the digest at the end.
package final class PartialBlob {
  private let store: ImageStore
  private let hold: ContentHold
  private let digest: Digest
  private let expectedSize: Int64
  private let file: OwnedDescriptor
  private var hasher: ContentHasher
  /// Bytes that are there.
  package private(set) var size: Int64 = 0
  /// How many of them were there when it was opened.
  package private(set) var resumedSize: Int64 = 0

  fileprivate init(
    _ store: ImageStore, _ hold: ContentHold, _ file: consuming OwnedDescriptor, _ digest: Digest, size: Int64
  ) throws(ImageStoreError) {
    self.store = store
    self.hold = hold
    self.digest = digest
    self.file = file
    expectedSize = size
    hasher = ContentHasher(digest.algorithm)
    try takeUp()
  }

  /// Another descriptor of the file, for a reader of what has come so far.
  package func reader() throws(ImageStoreError) -> OwnedDescriptor {
    try attempting("cannot read a blob that is coming in") { () throws(SystemError) in try openFile(file.procPath, .readOnly) }
  }

  /// Content beyond the expected size is refused before it is written.
  package func write(_ bytes: UnsafeRawBufferPointer) throws(ImageStoreError) {
    if size + Int64(bytes.count) > expectedSize {
      throw .unexpectedSize(digest, expected: expectedSize, actual: size + Int64(bytes.count))
    }
    do throws(SystemError) { try unsafe file.writeAll(bytes) } catch { throw .system(error, "cannot write a blob to '\(store.images)'") }
    unsafe hasher.update(bytes)
    size += Int64(bytes.count)
  }

  /// Checks size and digest and makes it a blob of the store, durable. What is not the blob is thrown away.
  package func finish() throws(ImageStoreError) {
    do throws(ImageStoreError) {
      if size != expectedSize { throw .unexpectedSize(digest, expected: expectedSize, actual: size) }
      let found = exchange(&hasher, with: ContentHasher()).finish()
      if found != digest { throw .unexpectedDigest(expected: digest, actual: found) }
      try store.adopt(hold, file, digest: digest, size: size)
    } catch {
      discard()
      throw error
    }
    discard()
  }

  /// Takes the name away: what has come is not to be gone on with.
  package func discard() { try? removeFile(store.partialPath(digest)) }

  private func takeUp() throws(ImageStoreError) {
    let limit = expectedSize
    let there = try attempting("cannot read a blob that is coming in") { () throws(SystemError) in try file.status().size }
    do throws(SystemError) {
      if there > limit { try file.setSize(0) } else { try hash(there) }
    } catch { throw .system(error, "cannot go on with a blob that is coming in") }
    resumedSize = size
  }

  private func hash(_ count: Int64) throws(SystemError) {
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
    defer { unsafe buffer.deallocate() }
    while size < count {
      let read = try unsafe file.read(into: buffer)
      if read == 0 { return }
      unsafe hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<read]))
      size += Int64(read)
    }
  }
}

extension ImageStore {
  func partialPath(_ digest: Digest) -> FilePath { partial.appending("\(digest.algorithm.rawValue)-\(digest.encoded)") }

  /// Begins or goes on with a blob; waits where another process is at it. Nil where the store has the blob then.
  package func partialBlob(_ hold: ContentHold, _ digest: Digest, size: Int64) throws(ImageStoreError) -> PartialBlob? {
    let (path, directory) = (partialPath(digest), partial)
    while true {
      if try hasBlob(digest, size: size) { return nil }
      let file = try attempting("cannot write a blob to '\(images)'") { () throws(SystemError) -> OwnedDescriptor? in
        try makeDirectories(directory)
        let file = try openFile(path, [.readWrite, .create, .noFollow, .nonBlocking], mode: 0o600)
        try file.lock()
        // Who held the lock has made a blob of it, or thrown it away: the file that is locked may no longer be the one of that name.
        let (status, named) = (try file.status(), try? fileStatus(path, following: false))
        guard let named, named.inode == status.inode, named.device == status.device else { return nil }
        // A second name is a blob's: a process died between giving it and taking the first away. A blob is not written to.
        if status.linkCount == 1, status.kind == .regular { return file }
        try removeFile(path)
        return nil
      }
      if let file { return try PartialBlob(self, hold, file, digest, size: size) }
    }
  }
}
