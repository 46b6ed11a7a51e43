internal import ImageStore
internal import OCIImageSpec

/// A file that came with images.
struct ArchivedFile {
  /// Bytes up to which a file is kept in memory.
  static let smallSize: Int64 = 256 << 10

  let digest: Digest
  /// Bytes.
  let size: Int64
  /// The content of a small file; that of a larger one is in the store.
  let content: [UInt8]?
}

/// Where images are loaded from: files by their paths.
protocol ImageFiles {
  var store: ImageStore { get }
  var hold: ContentHold { get }
  /// The file at `path`; nil where there is none.
  func file(_ path: String) throws(LayerStoreError) -> ArchivedFile?
}

extension ImageFiles {
  /// A document's content; nil where there is no such file.
  func document(_ path: String) throws(LayerStoreError) -> [UInt8]? {
    guard let file = try file(path) else { return nil }
    if let content = file.content { return content }
    return try storing { () throws(ImageStoreError) in try store.readBlob(file.digest, size: file.size) }
  }

  /// Makes sure that the file is a blob of the store.
  func keep(_ file: ArchivedFile) throws(LayerStoreError) {
    guard let content = file.content else { return }
    try storing { () throws(ImageStoreError) in
      var writer = try store.blobWriter(hold, digest: file.digest, size: file.size)
      try writer.write(content)
      _ = try writer.finish()
    }
  }
}
