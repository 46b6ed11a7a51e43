internal import ContentHash
internal import OCIImageSpec

/// The uncompressed stream of one layer: takes its bytes, gives the blob to a sink, and both digests, in one pass.
final class TarStream {
  private var output: BlobOutput
  private let encoder: any LayerEncoder
  private let compression: LayerCompression.Algorithm
  private var chunk: Chunk
  private var hasher = ContentHasher()
  private(set) var size: Int64 = 0

  init(_ sink: any ByteSink, _ compression: LayerCompression, threads: Int) throws(LayerError) {
    output = BlobOutput(sink)
    self.compression = compression.algorithm
    encoder =
      switch compression.algorithm {
      case .none: PlainEncoder()
      case .gzip: try GzipEncoder(level: compression.level, threads: max(threads, 1))
      case .zstd: try ZstdEncoder(level: compression.level, threads: threads)
      }
    chunk = try encoder.emptyChunk(&output)
  }

  /// Lets `body` put bytes at the start of the room that is left in the chunk, at least one byte, and return how many.
  func fill(_ body: (UnsafeMutableRawBufferPointer) throws(LayerError) -> Int) throws(LayerError) -> Int {
    let count = try unsafe body(chunk.space)
    chunk.inputCount += count
    size += Int64(count)
    if chunk.isFull { try submit() }
    return count
  }

  func write(_ bytes: UnsafeRawBufferPointer) throws(LayerError) {
    var rest = unsafe bytes
    while unsafe !rest.isEmpty {
      let count = try unsafe fill { space in
        let count = min(space.count, rest.count)
        unsafe space.copyMemory(from: UnsafeRawBufferPointer(rebasing: rest[..<count]))
        return count
      }
      unsafe rest = unsafe UnsafeRawBufferPointer(rebasing: rest[count...])
    }
  }

  func write(_ bytes: [UInt8]) throws(LayerError) {
    try unsafe bytes.span.bytes.withUnsafeBytes { (bytes) throws(LayerError) in try unsafe write(bytes) }
  }

  func writeZeros(_ count: Int64) throws(LayerError) {
    var left = count
    while left > 0 {
      left -= Int64(
        try unsafe fill { space in
          let count = Int(min(Int64(space.count), left))
          unsafe UnsafeMutableRawBufferPointer(rebasing: space[..<count]).initializeMemory(as: UInt8.self, repeating: 0)
          return count
        })
    }
  }

  /// Ends the blob. Nothing may be written afterwards.
  func finish() throws(LayerError) -> LayerDescription {
    if chunk.inputCount > 0 { try submit(last: true) }
    try encoder.finish(&output)
    let blobSize = output.size
    let digest = exchange(&output, with: BlobOutput(NullSink())).finish()
    let diffID = compression == .none ? digest : exchange(&hasher, with: ContentHasher()).finish()
    return LayerDescription(
      digest: digest, size: blobSize, diffID: diffID, uncompressedSize: size, compression: compression)
  }

  private func submit(last: Bool = false) throws(LayerError) {
    // Uncompressed, the blob's digest is the diffID: hash once.
    if compression != .none { unsafe hasher.update(chunk.content) }
    try encoder.encode(chunk, &output)
    if !last { chunk = try encoder.emptyChunk(&output) }
  }
}
