internal import CZlib

#if ISAL
  internal import CISAL
#endif

func gzipInflater() throws(LayerError) -> any Inflater {
  #if ISAL
    return ISALInflater()
  #else
    return try ZlibInflater()
  #endif
}

#if ISAL
  @safe
  private final class ISALInflater: Inflater {
    private let state = UnsafeMutablePointer<inflate_state>.allocate(capacity: 1)

    init() {
      unsafe isal_inflate_init(state)
      unsafe state.pointee.next_in = nil
      unsafe state.pointee.avail_in = 0
    }

    deinit { unsafe state.deallocate() }

    var needsInput: Bool { unsafe state.pointee.avail_in == 0 }
    var nextByte: UInt8 { unsafe state.pointee.next_in.pointee }

    func provide(_ bytes: UnsafeRawBufferPointer) {
      unsafe state.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
      unsafe state.pointee.avail_in = UInt32(bytes.count)
    }

    func dropInput() -> Int {
      let bytes = unsafe UnsafeBufferPointer(start: state.pointee.next_in, count: Int(state.pointee.avail_in))
      unsafe state.pointee.avail_in = 0
      return unsafe bytes.count { $0 != 0 }
    }

    func reset() {
      unsafe isal_inflate_reset(state)
      unsafe state.pointee.crc_flag = UInt32(ISAL_GZIP)
    }

    func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> (count: Int, isFinished: Bool) {
      unsafe state.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
      unsafe state.pointee.avail_out = UInt32(min(buffer.count, 1 << 30))
      let room = unsafe Int(state.pointee.avail_out)
      let status = unsafe isal_inflate(state)
      switch status {
      case ISAL_DECOMP_OK, ISAL_END_INPUT, ISAL_OUT_OVERFLOW: break
      case ISAL_INCORRECT_CHECKSUM: throw LayerError(nil, .malformed("gzip: the checksum or length is wrong"))
      case ISAL_INVALID_WRAPPER, ISAL_UNSUPPORTED_METHOD: throw LayerError(nil, .malformed("gzip: not a gzip header"))
      default: throw LayerError(nil, .malformed("gzip: the compressed data is damaged"))
      }
      return unsafe (room - Int(state.pointee.avail_out), state.pointee.block_state == ISAL_BLOCK_FINISH)
    }
  }
#endif

@safe
final class ZlibInflater: Inflater {
  private let stream = UnsafeMutablePointer<z_stream>.allocate(capacity: 1)

  init() throws(LayerError) {
    unsafe stream.initialize(to: z_stream())
    // 16: gzip only.
    guard unsafe inflateInit2_(stream, MAX_WBITS + 16, ZLIB_VERSION, Int32(MemoryLayout<z_stream>.size)) == Z_OK else {
      throw LayerError(nil, .refused("gzip: out of memory"))
    }
  }

  deinit {
    unsafe inflateEnd(stream)
    unsafe stream.deallocate()
  }

  var needsInput: Bool { unsafe stream.pointee.avail_in == 0 }
  var nextByte: UInt8 { unsafe stream.pointee.next_in.pointee }

  func provide(_ bytes: UnsafeRawBufferPointer) {
    unsafe stream.pointee.next_in = UnsafeMutablePointer(mutating: bytes.baseAddress?.assumingMemoryBound(to: UInt8.self))
    unsafe stream.pointee.avail_in = UInt32(bytes.count)
  }

  func dropInput() -> Int {
    let bytes = unsafe UnsafeBufferPointer(start: stream.pointee.next_in, count: Int(stream.pointee.avail_in))
    unsafe stream.pointee.avail_in = 0
    return unsafe bytes.count { $0 != 0 }
  }

  func reset() { unsafe inflateReset(stream) }

  func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> (count: Int, isFinished: Bool) {
    unsafe stream.pointee.next_out = buffer.baseAddress?.assumingMemoryBound(to: UInt8.self)
    unsafe stream.pointee.avail_out = UInt32(min(buffer.count, 1 << 30))
    let room = unsafe Int(stream.pointee.avail_out)
    let status = unsafe CZlib.inflate(stream, Z_NO_FLUSH)
    guard [Z_OK, Z_STREAM_END, Z_BUF_ERROR].contains(status) else {
      let reason = unsafe stream.pointee.msg.map { unsafe String(cString: $0) } ?? "the compressed data is damaged"
      throw LayerError(nil, .malformed("gzip: \(reason)"))
    }
    return unsafe (room - Int(stream.pointee.avail_out), status == Z_STREAM_END)
  }
}
