internal import ContentHash
package import ImageStore
internal import LayerArchive
internal import Linux
internal import OCIImageSpec
package import SystemPackage

extension ImageStore {
  /// Copies every image of the OCI layout in `directory`, verified as ``load(_:)`` does it.
  package func load(layout directory: FilePath) throws(LayerStoreError) -> [LoadedImage] {
    let hold = try storing { () throws(ImageStoreError) in try self.hold() }
    let images = try take(hold, layout: directory)
    try storing { () throws(ImageStoreError) in try record(hold, images.map { ($0.target, $0.name) }) }
    return images
  }

  /// The same without giving the images their names: they are there as long as `hold` is.
  package func take(_ hold: ContentHold, layout directory: FilePath) throws(LayerStoreError) -> [LoadedImage] {
    try OCIArchive(try LayoutDirectory(directory, self, hold)).load()
  }
}

/// The files of an OCI layout that somebody else has made. No symbolic link is followed, and nothing but regular files is read: a
/// FIFO in the place of a blob would be waited for for ever.
private final class LayoutDirectory: ImageFiles {
  let store: ImageStore
  let hold: ContentHold
  private let root: RootDirectory
  private var known: [String: ArchivedFile] = [:]

  init(_ path: FilePath, _ store: ImageStore, _ hold: ContentHold) throws(LayerStoreError) {
    do throws(SystemError) { root = try RootDirectory(path) } catch { throw .store(.system(error, "cannot read the layout")) }
    self.store = store
    self.hold = hold
    for name in [ImageLayout.fileName, ImageLayout.indexName] where try file(name) == nil {
      throw .archive("'\(path)' is not an OCI layout: there is no \(name)")
    }
  }

  func file(_ path: String) throws(LayerStoreError) -> ArchivedFile? {
    if let file = known[path] { return file }
    guard BytePath(path).normalized != nil else { throw .archive("layout: '\(path)' leads out of it") }
    guard try isPresent(path) else { return nil }
    let source = try open(path)
    let status = try attemptingLayout(path) { () throws(SystemError) in try source.status() }
    guard status.kind == .regular else { throw .archive("layout: '\(path)' is not a regular file") }
    let file = try copy(source, path, status.size)
    known[path] = file
    return file
  }

  private func isPresent(_ path: String) throws(LayerStoreError) -> Bool {
    do throws(SystemError) {
      _ = try root.open(FilePath(path), .path)
      return true
    } catch {
      if error.errno == .noSuchFileOrDirectory { return false }
      throw .store(.system(error, "cannot read the layout"))
    }
  }

  private func open(_ path: String) throws(LayerStoreError) -> OwnedDescriptor {
    do throws(SystemError) {
      return try root.open(FilePath(path), [.readOnly, .nonBlocking, .noControllingTerminal], resolution: .noSymbolicLinks)
    } catch {
      if error.errno == .tooManySymbolicLinkLevels { throw .archive("layout: '\(path)' is a symbolic link") }
      throw .store(.system(error, "cannot read '\(path)' of the layout"))
    }
  }

  private func attemptingLayout<Value>(_ path: String, _ body: () throws(SystemError) -> Value) throws(LayerStoreError) -> Value {
    do throws(SystemError) { return try body() } catch { throw .store(.system(error, "cannot read '\(path)' of the layout")) }
  }

  private func copy(_ source: borrowing OwnedDescriptor, _ path: String, _ size: Int64) throws(LayerStoreError) -> ArchivedFile {
    let algorithm: Digest.Algorithm = path.hasPrefix("blobs/sha512/") ? .sha512 : .sha256
    do throws(SystemError) {
      if size <= ArchivedFile.smallSize {
        let content = try source.readAll(limit: Int(ArchivedFile.smallSize))
        return ArchivedFile(digest: contentDigest(of: content, algorithm), size: Int64(content.count), content: content)
      }
    } catch { throw .store(.system(error, "cannot read '\(path)' of the layout")) }
    let target = try storing { () throws(ImageStoreError) in try store.temporaryBlob(algorithm) }
    var hasher = ContentHasher(algorithm)
    var copied: Int64 = 0
    let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 16)
    defer { unsafe buffer.deallocate() }
    do throws(SystemError) {
      while true {
        let count = try unsafe source.read(into: buffer)
        if count == 0 { break }
        let bytes = unsafe UnsafeRawBufferPointer(rebasing: buffer[..<count])
        unsafe hasher.update(bytes)
        try unsafe target.writeAll(bytes)
        copied += Int64(count)
      }
    } catch { throw .store(.system(error, "cannot copy '\(path)' of the layout")) }
    let digest = hasher.finish()
    try storing { () throws(ImageStoreError) in try store.adopt(hold, target, digest: digest, size: copied) }
    return ArchivedFile(digest: digest, size: copied, content: nil)
  }
}
