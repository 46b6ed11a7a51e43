internal import CArchive

/// Decompresses what libarchive knows and layers are not stored in: bzip2, xz, lzma, lz4, lzip, compress.
@safe
final class ForeignSource: ByteSource {
  private let upstream: any ByteSource
  private let archive: OpaquePointer
  fileprivate let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 64 << 10, alignment: 64)
  /// What the upstream source threw while libarchive was reading.
  private var failure: LayerError?

  init(_ upstream: any ByteSource) throws(LayerError) {
    guard let archive = unsafe archive_read_new() else { throw LayerError(nil, .refused("libarchive: out of memory")) }
    self.upstream = upstream
    unsafe self.archive = archive
    unsafe archive_read_support_filter_all(archive)
    unsafe archive_read_support_format_raw(archive)
    // The archive is freed before self is: it may hold on to self without owning it.
    let own = unsafe Unmanaged.passUnretained(self).toOpaque()
    try check(unsafe archive_read_open(archive, own, nil, readMore, nil))
    var entry: OpaquePointer?
    try check(unsafe archive_read_next_header(archive, &entry))
  }

  deinit {
    unsafe archive_read_free(archive)
    unsafe input.deallocate()
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
    let count = unsafe archive_read_data(archive, buffer.baseAddress, buffer.count)
    if count < 0 { try check(Int32(clamping: count)) }
    return max(count, 0)
  }

  private func check(_ status: Int32) throws(LayerError) {
    if let failure { throw failure }
    if status == ARCHIVE_OK || status == ARCHIVE_WARN { return }
    let reason = unsafe archive_error_string(archive).map { unsafe String(cString: $0) } ?? "the compressed data is damaged"
    throw LayerError(nil, .malformed(reason))
  }

  fileprivate func refill() -> Int {
    do throws(LayerError) { return try unsafe upstream.read(into: input) } catch {
      failure = error
      return -1
    }
  }
}

/// libarchive's read callback: the next block, 0 at the end, negative after an error.
private func readMore(
  _ archive: OpaquePointer?, _ client: UnsafeMutableRawPointer?, _ block: UnsafeMutablePointer<UnsafeRawPointer?>?
) -> Int {
  guard let client = unsafe client, let block = unsafe block else { return -1 }
  let source = unsafe Unmanaged<ForeignSource>.fromOpaque(client).takeUnretainedValue()
  unsafe block.pointee = UnsafeRawPointer(source.input.baseAddress)
  return source.refill()
}
