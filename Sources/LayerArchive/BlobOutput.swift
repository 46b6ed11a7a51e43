internal import ContentHash
internal import OCIImageSpec

/// The stored form of a layer on its way to the sink: hashed and counted.
struct BlobOutput: ~Copyable {
  private let sink: any ByteSink
  private var hasher = ContentHasher()
  private(set) var size: Int64 = 0

  init(_ sink: any ByteSink) { self.sink = sink }

  mutating func write(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
    if unsafe bytes.isEmpty { return }
    unsafe hasher.update(bytes)
    size += Int64(bytes.count)
    try unsafe sink.write(bytes)
  }

  mutating func write(_ bytes: [UInt8]) throws(LayerError) {
    try unsafe bytes.span.bytes.withUnsafeBytes { (bytes) throws(LayerError) in try unsafe write(bytes) }
  }

  consuming func finish() -> Digest { hasher.finish() }
}
