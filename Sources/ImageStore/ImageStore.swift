internal import Linux
internal import OCIImageSpec
package import SystemPackage

/// The images below one root (`$TOTE_ROOT`): an OCI image layout in `images/`, and unpacked layers in `layers/`.
///
/// A value of this type is only the place; every call opens what it needs, so that it can be copied and used from several threads
/// and processes at once. What makes that safe:
/// - a blob is written without a name, hashed, made durable, and then given its digest as its name; it never changes after;
/// - `index.json` is replaced whole under an exclusive lock;
/// - whoever adds content holds a ``ContentHold`` until the index refers to it, and garbage collection waits for all of them.
package struct ImageStore: Sendable {
  /// `$TOTE_ROOT`.
  package let root: FilePath

  package var images: FilePath { root.appending("images") }
  package var layers: FilePath { root.appending("layers") }
  package var containers: FilePath { root.appending("containers") }
  /// Downloads under way; named by digest.
  package var partial: FilePath { images.appending("partial") }

  var indexPath: FilePath { images.appending("index.json") }

  /// The store below `root`, which may not exist yet: reading finds it empty then, and the first write makes it.
  package init(_ root: FilePath) { self.root = root }

  /// Makes what is missing of the directories, `oci-layout` and `index.json`.
  package func create() throws(ImageStoreError) {
    let store = self
    try attempting("cannot create the image store '\(root)'") { () throws(SystemError) in
      try makeDirectories(store.images.appending("blobs/sha256"))
      try makeDirectories(store.layers)
      let directory = try openFile(store.images, [.readOnly, .directory])
      if try !directory.contains(FilePath(ImageLayout.fileName)) {
        try directory.replaceFile(FilePath(ImageLayout.fileName), with: Array(#"{"imageLayoutVersion":"1.0.0"}"#.utf8))
      }
    }
    if try hasIndex() { return }
    // Looked for again under the lock: another process may have put its first image in.
    let lock = try indexLock()
    if try !hasIndex() { try writeIndex(emptyIndex, under: lock) }
  }

  private func hasIndex() throws(ImageStoreError) -> Bool {
    let images = images
    return try attempting("cannot read the image store") { () throws(SystemError) in
      try openFile(images, [.readOnly, .directory]).contains(FilePath(ImageLayout.indexName))
    }
  }

  /// Refuses a directory of another layout version (image-spec image-layout.md#oci-layout-file).
  func checkLayout() throws(ImageStoreError) {
    let path = images.appending("oci-layout")
    let bytes: [UInt8]
    do { bytes = try readFile(path, limit: 4096) } catch {
      if error.errno == .noSuchFileOrDirectory { return }
      throw .system(error, "cannot read the image store")
    }
    try checkLayoutFile(bytes, name: path.string)
  }
}

extension OwnedDescriptor {
  func contains(_ name: FilePath) throws(SystemError) -> Bool {
    do {
      _ = try status(of: name)
      return true
    } catch  where error.errno == .noSuchFileOrDirectory {
      return false
    }
  }
}
