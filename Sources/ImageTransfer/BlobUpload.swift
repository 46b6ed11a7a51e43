internal import ImageStore
internal import Linux
internal import OCIImageSpec
internal import Registry

/// Hands one blob of the store to an upload.
final class BlobUpload: BodySource {
  private let file: OwnedDescriptor
  private let progress: @Sendable (Int64) throws -> Void

  init(_ store: ImageStore, _ descriptor: Descriptor, progress: @escaping @Sendable (Int64) throws -> Void) throws(ImageStoreError) {
    file = try store.openBlob(descriptor)
    self.progress = progress
  }

  func read(into buffer: UnsafeMutableRawBufferPointer, at offset: Int64) throws -> Int {
    let count = try unsafe file.read(into: buffer, at: offset)
    try progress(offset + Int64(count))
    return count
  }
}
