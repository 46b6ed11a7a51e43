internal import JSON
internal import Linux
package import OCIImageSpec
internal import SystemPackage

// index.json: what the store has, one descriptor for each name; an image without a name has one descriptor without.

extension ImageStore {
  var emptyIndex: ImageIndex { ImageIndex() }

  /// The entries of `index.json`; none where there is no store yet.
  package func entries() throws(ImageStoreError) -> [Descriptor] {
    try checkLayout()
    return try readIndexIfPresent()?.manifests ?? []
  }

  /// Replaces `index.json` by what `change` makes of it, while no other process can. The value of `change` is returned.
  @discardableResult
  package func updateIndex<Value>(
    _ change: (inout ImageIndex) throws(ImageStoreError) -> Value
  ) throws(ImageStoreError) -> Value {
    let lock = try indexLock()
    try checkLayout()
    let before = try readIndexIfPresent() ?? emptyIndex
    var index = before
    let value = try change(&index)
    if index != before { try writeIndex(index, under: lock) }
    return value
  }

  func indexLock() throws(ImageStoreError) -> FileLock {
    let path = images.appending(".lock")
    return try attempting("cannot lock the image store") { () throws(SystemError) in try FileLock(path, .exclusive) }
  }

  func readIndexIfPresent() throws(ImageStoreError) -> ImageIndex? {
    let bytes: [UInt8]
    do { bytes = try readFile(indexPath) } catch {
      if error.errno == .noSuchFileOrDirectory { return nil }
      throw .system(error, "cannot read the image store")
    }
    do { return try decodeJSON(ImageIndex.self, from: bytes) } catch { throw .invalidDocument(indexPath.string, error.description) }
  }

  /// `lock` is only asked for to prove that the caller has it.
  func writeIndex(_ index: ImageIndex, under lock: borrowing FileLock) throws(ImageStoreError) {
    let path = indexPath
    do {
      let bytes = try encodeJSON(index, pretty: false)
      try replaceFile(path, with: bytes)
      try recordIndexDigest(bytes)
    } catch let error as SystemError {
      throw .system(error, "cannot write '\(path)'")
    } catch {
      throw .invalidDocument(path.string, "\(error)")
    }
  }

  func checkLayoutFile(_ bytes: [UInt8], name: String) throws(ImageStoreError) {
    let layout: ImageLayout
    do { layout = try decodeJSON(ImageLayout.self, from: bytes) } catch { throw .invalidDocument(name, error.description) }
    if layout.imageLayoutVersion != ImageLayout.version {
      throw .invalidDocument(name, "image layout version '\(layout.imageLayoutVersion)' is not supported")
    }
  }
}
