internal import ImageStore
internal import OCIImageSpec
internal import Registry

/// Takes one blob from a registry into the store: checked byte by byte against its descriptor, and named only when whole.
///
/// It outlives a connection: what has come stays, and the next request asks for the rest.
final class BlobDownload: BodySink {
  private var writer: BlobWriter
  private let name: String
  /// Bytes of a whole answer (200) to a request for a rest that are here already.
  private var skip: Int64 = 0
  private let progress: (Int64) -> Void

  init(
    _ store: ImageStore, _ hold: ContentHold, _ descriptor: Descriptor, named name: String, progress: @escaping (Int64) -> Void
  ) throws(ImageStoreError) {
    writer = try store.blobWriter(hold, digest: descriptor.digest, size: descriptor.size)
    self.name = name
    self.progress = progress
  }

  /// Bytes that have come.
  var size: Int64 { writer.size }

  func begin(_ response: HTTPResponse) throws {
    skip = 0
    guard response.status == 206 else {
      skip = size
      return
    }
    // `bytes FIRST-LAST/TOTAL` (RFC 9110 section 14.4): a part that begins elsewhere would be spliced in at the wrong place.
    let range = response.header("content-range") ?? ""
    let first = range.hasPrefix("bytes ") ? range.dropFirst(6).prefix { $0 != "-" } : ""
    guard Int64(first) == size else {
      throw RegistryError(.verification, "\(name): the registry sent '\(range)' when asked for the bytes from \(size) on")
    }
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws {
    let skipped = Int(min(skip, Int64(bytes.count)))
    skip -= Int64(skipped)
    guard skipped < bytes.count else { return }
    let rest = unsafe UnsafeRawBufferPointer(rebasing: bytes[skipped...])
    do { try unsafe writer.write(rest) } catch { throw error.isContentError ? verification(error) : error }
    progress(size)
  }

  /// Puts the blob under its digest.
  func finish(_ store: ImageStore, _ hold: ContentHold) throws {
    // A writer is consumed by finishing; an empty one takes its place.
    var finished = try store.blobWriter(hold)
    swap(&finished, &writer)
    do { _ = try finished.finish() } catch { throw error.isContentError ? verification(error) : error }
  }

  private func verification(_ error: ImageStoreError) -> RegistryError { RegistryError(.verification, "\(name): \(error)") }
}

extension ImageStoreError {
  /// Whether the registry's bytes are wrong, not our disk.
  fileprivate var isContentError: Bool {
    switch self {
    case .unexpectedDigest, .unexpectedSize: true
    default: false
    }
  }
}
