internal import CZstd

/// One zstd frame with a checksum (RFC 8878), compressed by libzstd's own threads in jobs of a fixed size: their number does not
/// change the bytes.
@safe
final class ZstdEncoder: LayerEncoder {
  private let context: OpaquePointer
  private let chunk: Chunk

  init(level: Int, threads: Int) throws(LayerError) {
    guard let context = unsafe ZSTD_createCCtx() else { throw LayerError(nil, .refused("zstd: out of memory")) }
    unsafe self.context = context
    chunk = Chunk(outputSize: ZSTD_CStreamOutSize())
    let settings: [(ZSTD_cParameter, Int32)] = [
      (ZSTD_c_compressionLevel, Int32(level)), (ZSTD_c_checksumFlag, 1), (ZSTD_c_nbWorkers, Int32(max(threads, 1))),
      // Jobs of 1 MiB keep the memory small; by default they are four windows long.
      (ZSTD_c_jobSize, 1 << 20),
    ]
    for (parameter, value) in settings {
      let status = unsafe ZSTD_CCtx_setParameter(context, parameter, value)
      if ZSTD_isError(status) != 0 { throw LayerError(nil, .refused("zstd: \(zstdMessage(status))")) }
    }
  }

  deinit { unsafe ZSTD_freeCCtx(context) }

  func emptyChunk(_ output: inout BlobOutput) throws(LayerError) -> Chunk { chunk }

  func encode(_ chunk: Chunk, _ output: inout BlobOutput) throws(LayerError) {
    try unsafe compress(chunk.content, ZSTD_e_continue, &output)
    chunk.inputCount = 0
  }

  func finish(_ output: inout BlobOutput) throws(LayerError) {
    try unsafe compress(UnsafeRawBufferPointer(start: nil, count: 0), ZSTD_e_end, &output)
  }

  private func compress(
    _ bytes: UnsafeRawBufferPointer, _ directive: ZSTD_EndDirective, _ output: inout BlobOutput
  ) throws(LayerError) {
    var input = unsafe ZSTD_inBuffer(src: bytes.baseAddress, size: bytes.count, pos: 0)
    while true {
      var room = unsafe ZSTD_outBuffer(dst: chunk.output.baseAddress, size: chunk.output.count, pos: 0)
      let left = unsafe ZSTD_compressStream2(context, &room, &input, directive)
      if ZSTD_isError(left) != 0 { throw LayerError(nil, .refused("zstd: \(zstdMessage(left))")) }
      try unsafe output.write(UnsafeRawBufferPointer(start: chunk.output.baseAddress, count: room.pos))
      let done = unsafe directive == ZSTD_e_end ? left == 0 : input.pos == input.size
      if done { return }
    }
  }
}

func zstdMessage(_ status: Int) -> String { unsafe String(cString: ZSTD_getErrorName(status)) }
