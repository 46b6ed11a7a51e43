package import Linux

/// Where bytes come from, in the order in which they stand.
package protocol ByteSource: AnyObject {
  /// Fills the start of `buffer`, which is not empty, and returns how many bytes it holds now; 0 at the end.
  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int
}

/// A file, pipe or socket, from its position on.
package final class DescriptorSource: ByteSource {
  private let descriptor: OwnedDescriptor

  package init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
    do { return try unsafe descriptor.read(into: buffer) } catch { throw LayerError(nil, .system(error)) }
  }
}

/// Bytes in memory.
package final class MemorySource: ByteSource {
  private let bytes: [UInt8]
  private var position = 0

  package init(_ bytes: [UInt8]) { self.bytes = bytes }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
    let count = min(buffer.count, bytes.count - position)
    unsafe buffer.copyBytes(from: bytes[position..<(position + count)])
    position += count
    return count
  }
}

extension ByteSource {
  /// Gives everything to `sink`.
  package func copy(to sink: any ByteSink) throws(LayerError) {
    let buffer = ReadBuffer(self)
    while true {
      let bytes = try unsafe buffer.take(upTo: .max)
      if unsafe bytes.isEmpty { return }
      try unsafe sink.write(bytes)
    }
  }
}
