package import Linux

/// Where a layer's bytes go.
package protocol ByteSink: AnyObject {
  /// Takes every byte or throws.
  func write(_ bytes: UnsafeRawBufferPointer) throws(LayerError)
}

/// A file, pipe or socket. The owner of the sink may sync and publish ``descriptor`` when the layer is finished.
package final class DescriptorSink: ByteSink {
  package let descriptor: OwnedDescriptor

  package init(_ descriptor: consuming OwnedDescriptor) { self.descriptor = descriptor }

  package func write(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
    do { try unsafe descriptor.writeAll(bytes) } catch { throw LayerError(nil, .system(error)) }
  }
}

/// Keeps the bytes. For small layers and tests.
package final class MemorySink: ByteSink {
  package private(set) var bytes: [UInt8] = []

  package init() {}

  package func write(_ bytes: UnsafeRawBufferPointer) throws(LayerError) { unsafe self.bytes.append(contentsOf: bytes) }
}

/// Forgets the bytes. For digests alone.
package final class NullSink: ByteSink {
  package init() {}
  package func write(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {}
}
