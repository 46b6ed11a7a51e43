/// The bytes of an archive as a layer may be stored: as they are where they are plain, gzip or zstd, else what libarchive's filters
/// make of them (xz, bzip2, lzma, lz4, lzip, compress).
package func storableLayer(_ source: any ByteSource, limits: LayerLimits = LayerLimits()) throws(LayerError) -> any ByteSource {
  let blob = DigestingSource(source)
  let peeked = try PeekedSource(blob, CompressionFormat.prefixLength)
  if CompressionFormat(prefix: peeked.prefix).layerAlgorithm != nil { return peeked }
  return LimitedSource(try ForeignSource(peeked), from: blob, limits)
}
