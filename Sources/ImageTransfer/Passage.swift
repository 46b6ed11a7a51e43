internal import ContentHash
internal import ImageStore
internal import Linux
internal import OCIImageSpec
internal import Registry
internal import SystemPackage

/// A blob on its way from one registry to another: a file without a name in `$TMPDIR` (/var/tmp) that one connection fills while
/// another reads it, from wherever it must go on.
final class Passage: BodySource {
  private struct State {
    var thread: Thread?
    var isOver = false
    var failure: (any Error)?
  }

  private let blob: Descriptor
  private let source: RemoteRepository
  private let progress: @Sendable (Int64) throws -> Void
  private let file: GrowingFile
  private let path: FilePath
  private let state = Monitored(State())

  init(_ blob: Descriptor, from source: RemoteRepository, progress: @escaping @Sendable (Int64) throws -> Void) throws {
    self.blob = blob
    self.source = source
    self.progress = progress
    let descriptor = try openFile(FilePath(Environment["TMPDIR"] ?? "/var/tmp"), [.readWrite, .temporaryFile], mode: 0o600)
    path = descriptor.procPath
    file = GrowingFile(descriptor)
  }

  /// The first read begins the download: a blob that is mounted is never read.
  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws -> Int {
    let passage = self
    let begun = state.withLock { state in
      Result { () throws(SystemError) in
        if state.thread == nil { state.thread = try Thread { passage.fill() } }
      }
    }
    try begun.get()
    return try unsafe file.read(into: buffer, at: offset)
  }

  /// Ends the download where it is; answers what it failed with.
  func end() -> (any Error)? {
    let thread = state.withLock { state in
      state.isOver = true
      return state.thread
    }
    thread?.join()
    return state.withLock { $0.failure }
  }

  private func fill() {
    let name = "\(source.name): blob \(blob.digest)"
    do {
      let target = PassageTarget(blob, try openFile(path, .readWrite))
      let download = BlobDownload(to: target, named: name) { bytes in
        if self.state.withLock({ $0.isOver }) { throw Stopped() }
        self.file.grow(to: bytes)
        try self.progress(bytes)
      }
      if blob.size > 0 { try source.client.download(source.path, blob, into: download, received: { target.size }) }
      do { try target.check() } catch { throw error.blaming(name) }
      file.end()
    } catch {
      // That it was told to stop is no failure of it.
      state.withLock { state in if !state.isOver { state.failure = error } }
      file.end(.failure(error))
    }
  }
}

private final class PassageTarget: DownloadTarget {
  private let blob: Descriptor
  private let file: OwnedDescriptor
  private var hasher: ContentHasher
  private(set) var size: Int64 = 0

  init(_ blob: Descriptor, _ file: consuming OwnedDescriptor) {
    self.blob = blob
    self.file = file
    hasher = ContentHasher(blob.digest.algorithm)
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(ImageStoreError) {
    if size + Int64(bytes.count) > blob.size {
      throw .unexpectedSize(blob.digest, expected: blob.size, actual: size + Int64(bytes.count))
    }
    do throws(SystemError) { try unsafe file.writeAll(bytes) } catch { throw .system(error, "cannot write a blob that passes through") }
    unsafe hasher.update(bytes)
    size += Int64(bytes.count)
  }

  func check() throws(ImageStoreError) {
    let found = exchange(&hasher, with: ContentHasher()).finish()
    if found != blob.digest { throw .unexpectedDigest(expected: blob.digest, actual: found) }
  }
}
