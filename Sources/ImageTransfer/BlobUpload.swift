internal import ImageStore
internal import Linux
internal import OCIImageSpec
internal import Registry

/// Hands one blob of the store to an upload.
final class BlobUpload: BodySource, @unchecked Sendable {
  private let file: OwnedDescriptor
  private var position: Int64 = 0
  private let progress: (Int64) -> Void

  init(_ store: ImageStore, _ descriptor: Descriptor, progress: @escaping (Int64) -> Void) throws(ImageStoreError) {
    file = try store.openBlob(descriptor)
    self.progress = progress
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws -> Int {
    let count = try unsafe file.read(into: buffer)
    position += Int64(count)
    progress(position)
    return count
  }

  func rewind() throws {
    _ = try file.seek(to: 0)
    position = 0
  }
}
