/// Decompresses gzip (RFC 1952): one member after the other, checksums and lengths verified, zeros at the end ignored.
@safe
final class GzipSource: ByteSource {
  private let upstream: any ByteSource
  private let input = UnsafeMutableRawBufferPointer.allocate(byteCount: 256 << 10, alignment: 64)
  private let inflater: any Inflater
  private var isBetweenMembers = true
  private var members = 0
  private var isEnded = false

  init(_ upstream: any ByteSource) throws(LayerError) {
    self.upstream = upstream
    inflater = try gzipInflater()
  }

  deinit { unsafe input.deallocate() }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
    while !isEnded {
      if isBetweenMembers, try !beginMember() { break }
      let (count, isFinished) = try unsafe inflater.inflate(into: buffer)
      isBetweenMembers = isFinished
      if count > 0 { return count }
      if !isFinished, inflater.needsInput, try !refill() {
        throw LayerError(nil, .malformed("gzip: the stream ends too early"))
      }
    }
    return 0
  }

  /// False at the end of the stream.
  private func refill() throws(LayerError) -> Bool {
    let count = try unsafe upstream.read(into: input)
    unsafe inflater.provide(UnsafeRawBufferPointer(rebasing: input[..<count]))
    return count > 0
  }

  /// Looks at what follows a member: another, padding, or the end, for which it returns false.
  private func beginMember() throws(LayerError) -> Bool {
    if inflater.needsInput, try !refill() {
      isEnded = true
      if members == 0 { throw LayerError(nil, .malformed("gzip: the stream is empty")) }
      return false
    }
    if members > 0, inflater.nextByte == 0 {
      try checkPadding()
      return false
    }
    if members > 0, inflater.nextByte != 0x1f { throw LayerError(nil, .malformed("gzip: garbage after the end of the stream")) }
    members += 1
    inflater.reset()
    return true
  }

  private func checkPadding() throws(LayerError) {
    repeat {
      if inflater.dropInput() > 0 { throw LayerError(nil, .malformed("gzip: garbage after the end of the stream")) }
    } while try refill()
    isEnded = true
  }
}

/// A decoder of one gzip member at a time.
protocol Inflater: AnyObject {
  var needsInput: Bool { get }
  /// The next byte of input; only where there is input.
  var nextByte: UInt8 { get }
  func provide(_ bytes: UnsafeRawBufferPointer)
  /// Drops input; the number of bytes that were not zero.
  func dropInput() -> Int
  /// Makes ready for the next member; the input stays.
  func reset()
  /// How much came out and whether the member is at its end, trailer included.
  func inflate(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> (count: Int, isFinished: Bool)
}
