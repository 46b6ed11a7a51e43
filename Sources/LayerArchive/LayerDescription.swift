package import OCIImageSpec

/// What there is to know about one layer blob once it has been written or read to its end.
package struct LayerDescription: Hashable, Sendable {
  /// Of the blob as it is stored.
  package let digest: Digest
  /// Bytes of the blob.
  package let size: Int64
  /// Of the uncompressed tar stream (config.md#layer-diffid).
  package let diffID: Digest
  /// Bytes of the tar stream.
  package let uncompressedSize: Int64
  package let compression: LayerCompression.Algorithm

  package var mediaType: String { compression.mediaType }
}
