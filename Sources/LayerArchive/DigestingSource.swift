internal import ContentHash
internal import OCIImageSpec

/// Hashes and counts what is read through it.
final class DigestingSource: ByteSource {
  private let upstream: any ByteSource
  private var hasher: ContentHasher
  private(set) var size: Int64 = 0

  init(_ upstream: any ByteSource, _ algorithm: Digest.Algorithm = .sha256) {
    self.upstream = upstream
    hasher = ContentHasher(algorithm)
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
    let count = try unsafe upstream.read(into: buffer)
    unsafe hasher.update(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    size += Int64(count)
    return count
  }

  /// The digest of what has been read. Reading on starts a new one.
  func finish() -> Digest { exchange(&hasher, with: ContentHasher()).finish() }
}

/// Stops a stream that grows out of all proportion to what it is made from.
final class LimitedSource: ByteSource {
  private let upstream: any ByteSource
  private let compressed: DigestingSource
  private let limits: LayerLimits
  private var size: Int64 = 0

  init(_ upstream: any ByteSource, from compressed: DigestingSource, _ limits: LayerLimits) {
    self.upstream = upstream
    self.compressed = compressed
    self.limits = limits
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
    let count = try unsafe upstream.read(into: buffer)
    size += Int64(count)
    if size > limits.uncompressedSize {
      throw LayerError(nil, .limit("the layer is larger than \(limits.uncompressedSize) bytes"))
    }
    if size > limits.ratioAllowance, size / limits.ratio > compressed.size {
      throw LayerError(nil, .limit("the layer decompresses to more than \(limits.ratio) times its size"))
    }
    return count
  }
}
