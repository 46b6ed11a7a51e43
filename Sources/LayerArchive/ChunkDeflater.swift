internal import CZlib

#if ISAL
  internal import CISAL
#endif

/// Compresses one chunk at a time to raw deflate that ends with a full flush. One thread's own.
protocol ChunkDeflater {
  func compress(_ chunk: Chunk) -> Bool
}

/// More bytes than any chunk compresses to: stored blocks of deflate cost five bytes for each 64 KiB, and the flush; ISA-L's level 0
/// has codes of up to 15 bits for a byte and stores nothing.
func deflateBound(_ size: Int, level: Int) -> Int { level == 0 ? 2 * size + 4096 : size + size / 1000 + 4096 }

/// Levels 0–2 are ISA-L's, which gives the same bytes on every processor there (level 3 does not and is never used); where it was
/// not built in, and for 3–9, zlib's.
func chunkDeflater(level: Int) -> any ChunkDeflater {
  #if ISAL
    if level <= 2 { return ISALDeflater(level: level) }
  #endif
  return ZlibDeflater(level: level)
}

#if ISAL
  @safe
  private final class ISALDeflater: ChunkDeflater {
    private let stream = UnsafeMutablePointer<isal_zstream>.allocate(capacity: 1)
    private let work: UnsafeMutableRawBufferPointer
    private let level: UInt32

    init(level: Int) {
      self.level = UInt32(level)
      unsafe work = .allocate(byteCount: max(Int(cisal_level_buffer_size(UInt32(level))), 1), alignment: 64)
    }

    deinit {
      unsafe work.deallocate()
      unsafe stream.deallocate()
    }

    func compress(_ chunk: Chunk) -> Bool {
      unsafe isal_deflate_init(stream)
      unsafe stream.pointee.level = level
      unsafe stream.pointee.level_buf = work.baseAddress?.assumingMemoryBound(to: UInt8.self)
      unsafe stream.pointee.level_buf_size = level == 0 ? 0 : UInt32(work.count)
      unsafe stream.pointee.flush = UInt16(FULL_FLUSH)
      unsafe stream.pointee.next_in = chunk.input.baseAddress?.assumingMemoryBound(to: UInt8.self)
      unsafe stream.pointee.avail_in = UInt32(chunk.inputCount)
      unsafe stream.pointee.next_out = chunk.output.baseAddress?.assumingMemoryBound(to: UInt8.self)
      unsafe stream.pointee.avail_out = UInt32(chunk.output.count)
      let status = unsafe isal_deflate(stream)
      unsafe chunk.outputCount = chunk.output.count - Int(stream.pointee.avail_out)
      return unsafe status == COMP_OK && stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0
    }
  }
#endif

@safe
private final class ZlibDeflater: ChunkDeflater {
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)
  private let usable: Bool

  init(level: Int) {
    unsafe stream.initialize(to: z_stream())
    // Raw deflate, the largest window, zlib's default memory level.
    usable =
      unsafe deflateInit2_(
        stream, Int32(level), Z_DEFLATED, -MAX_WBITS, 8, Z_DEFAULT_STRATEGY, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK
  }

  deinit {
    if usable { _ = unsafe deflateEnd(stream) }
    unsafe stream.deallocate()
  }

  func compress(_ chunk: Chunk) -> Bool {
    guard usable, unsafe deflateReset(stream) == Z_OK else { return false }
    unsafe stream.pointee.next_in = chunk.input.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_in = UInt32(chunk.inputCount)
    unsafe stream.pointee.next_out = chunk.output.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = UInt32(chunk.output.count)
    let status = unsafe deflate(stream, Z_FULL_FLUSH)
    unsafe chunk.outputCount = chunk.output.count - Int(stream.pointee.avail_out)
    return unsafe status == Z_OK && stream.pointee.avail_in == 0 && stream.pointee.avail_out > 0
  }
}

/// The CRC-32 of gzip, continued from `checksum`.
func crc32(_ checksum: UInt32, _ bytes: UnsafeRawBufferPointer) -> UInt32 {
  #if ISAL
    return unsafe crc32_gzip_refl(checksum, bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), UInt64(bytes.count))
  #else
    return UInt32(
      unsafe CZlib.crc32(uLong(checksum), bytes.baseAddress?.assumingMemoryBound(to: UInt8.self), uInt(bytes.count)))
  #endif
}
