package import OCIImageSpec

/// What a layer's content must be.
package struct ExpectedDigests: Sendable {
  /// Of the blob as it is stored.
  package var digest: Digest?
  /// Of the tar stream.
  package var diffID: Digest?

  package init(digest: Digest? = nil, diffID: Digest? = nil) {
    self.digest = digest
    self.diffID = diffID
  }
}

/// The tar stream of a stored layer: decompressed by what its first bytes say, hashed before and after, on a thread of its own.
package final class LayerSource: ByteSource {
  private let blob: DigestingSource
  private let tar: DigestingSource
  private let ahead: PrefetchingSource
  private let compression: LayerCompression.Algorithm
  private let expected: ExpectedDigests

  /// Gzip, zstd and plain tar are read; what else libarchive could decompress is no layer and is refused.
  package init(
    _ source: any ByteSource, expected: ExpectedDigests = ExpectedDigests(), limits: LayerLimits = LayerLimits()
  ) throws(LayerError) {
    blob = DigestingSource(source, expected.digest?.algorithm ?? .sha256)
    let peeked = try PeekedSource(blob, CompressionFormat.prefixLength)
    let format = CompressionFormat(prefix: peeked.prefix)
    guard let algorithm = format.layerAlgorithm else {
      throw LayerError(nil, .refused("a layer cannot be compressed by \(format.rawValue)"))
    }
    compression = algorithm
    let plain: any ByteSource =
      switch algorithm {
      case .none: peeked
      case .gzip: try GzipSource(peeked)
      case .zstd: try ZstdSource(peeked)
      }
    tar = DigestingSource(LimitedSource(plain, from: blob, limits), expected.diffID?.algorithm ?? .sha256)
    ahead = try PrefetchingSource(tar)
    self.expected = expected
  }

  package func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int { try unsafe ahead.read(into: buffer) }

  /// Reads what is left, checks both digests and says what the layer is.
  package func finish() throws(LayerError) -> LayerDescription {
    let rest = ReadBuffer(ahead)
    while try unsafe !rest.take(upTo: .max).isEmpty {}
    ahead.stop()
    let digest = blob.finish()
    let diffID = tar.finish()
    if let wanted = expected.digest, wanted != digest {
      throw LayerError(nil, .digestMismatch(subject: "layer", expected: wanted, actual: digest))
    }
    if let wanted = expected.diffID, wanted != diffID {
      throw LayerError(nil, .digestMismatch(subject: "diffID", expected: wanted, actual: diffID))
    }
    return LayerDescription(
      digest: digest, size: blob.size, diffID: diffID, uncompressedSize: tar.size, compression: compression)
  }
}
