internal import CZstd

/// Decompresses zstd (RFC 8878): one frame after the other, skippable ones passed over, as zstd:chunked layers have them.
@safe
final class ZstdSource: ByteSource {
  private let upstream: any ByteSource
  private let context: OpaquePointer
  private let buffer = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
  private var input = unsafe ZSTD_inBuffer(src: nil, size: 0, pos: 0)
  /// What the decoder still wants before the frame is complete; 0 between frames.
  private var wanted = 1
  /// The last output buffer was filled, so there may be more without more input.
  private var holdsOutput = false

  init(_ upstream: any ByteSource) throws(LayerError) {
    guard let context = unsafe ZSTD_createDCtx() else { throw LayerError(nil, .refused("zstd: out of memory")) }
    unsafe self.context = context
    self.upstream = upstream
    // Windows up to 128 MiB, what the zstd tool reads by default: more memory is not an archive's to ask for.
    unsafe ZSTD_DCtx_setParameter(context, ZSTD_d_windowLogMax, 27)
  }

  deinit {
    unsafe ZSTD_freeDCtx(context)
    unsafe buffer.deallocate()
  }

  func read(into room: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
    var output = unsafe ZSTD_outBuffer(dst: room.baseAddress, size: room.count, pos: 0)
    while unsafe output.pos == 0 {
      if !holdsOutput, unsafe input.pos == input.size, try !refill() {
        if wanted == 0 { return 0 }
        throw LayerError(nil, .malformed("zstd: the stream ends too early"))
      }
      wanted = unsafe ZSTD_decompressStream(context, &output, &input)
      if ZSTD_isError(wanted) != 0 { throw LayerError(nil, .malformed("zstd: \(zstdMessage(wanted))")) }
      holdsOutput = unsafe wanted != 0 && output.pos == output.size
    }
    return unsafe output.pos
  }

  private func refill() throws(LayerError) -> Bool {
    let count = try unsafe upstream.read(into: buffer)
    unsafe input = unsafe ZSTD_inBuffer(src: buffer.baseAddress, size: count, pos: 0)
    return count > 0
  }
}
