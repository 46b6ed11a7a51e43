/// Bytes of a source, held so that they can be looked at before they are taken.
@safe
final class ReadBuffer {
  private let source: any ByteSource
  private let buffer: UnsafeMutableRawBufferPointer
  private var start = 0
  private var end = 0
  /// Bytes taken so far.
  private(set) var position: Int64 = 0

  init(_ source: any ByteSource, capacity: Int = 256 << 10) {
    self.source = source
    unsafe buffer = .allocate(byteCount: capacity, alignment: 64)
  }

  deinit { unsafe buffer.deallocate() }

  /// Up to `count` bytes, at least one unless the source is at its end. Valid until the next call.
  func take(upTo count: Int64) throws(LayerError) -> UnsafeRawBufferPointer {
    if start == end {
      start = 0
      end = try unsafe source.read(into: buffer)
    }
    let taken = Int(min(count, Int64(end - start)))
    defer {
      start += taken
      position += Int64(taken)
    }
    return unsafe UnsafeRawBufferPointer(rebasing: buffer[start..<(start + taken)])
  }

  /// Exactly `count` bytes; fewer only where the source ends before.
  func bytes(_ count: Int) throws(LayerError) -> [UInt8] {
    var bytes: [UInt8] = []
    bytes.reserveCapacity(min(count, 1 << 20))
    while bytes.count < count {
      let piece = try unsafe take(upTo: Int64(count - bytes.count))
      if unsafe piece.isEmpty { break }
      unsafe bytes.append(contentsOf: piece)
    }
    return bytes
  }

  /// Passes over `count` bytes. The number there were.
  func skip(_ count: Int64) throws(LayerError) -> Int64 {
    var left = count
    while left > 0 {
      let piece = try unsafe take(upTo: left)
      if unsafe piece.isEmpty { break }
      left -= Int64(piece.count)
    }
    return count - left
  }
}
