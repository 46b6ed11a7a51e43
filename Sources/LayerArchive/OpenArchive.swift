/// A tar archive that a person names (a Dockerfile's ADD, `import`), whatever it is compressed by; nil where the file, decompressed, is
/// not a tar archive. `source` is used up either way.
package func openArchive(
  _ source: any ByteSource, limits: LayerLimits = LayerLimits()
) throws(LayerError) -> TarReader? {
  let blob = DigestingSource(source)
  let peeked = try PeekedSource(blob, CompressionFormat.prefixLength)
  let plain: any ByteSource
  switch CompressionFormat(prefix: peeked.prefix) {
  case .none: plain = peeked
  case .gzip: plain = try GzipSource(peeked)
  case .zstd: plain = try ZstdSource(peeked)
  case .bzip2, .xz, .lzma, .lz4, .lzip, .compress:
    // A text may begin like a compressed file; what libarchive cannot read is not an archive.
    do { plain = try ForeignSource(peeked) } catch {
      if case .malformed = error.reason { return nil }
      throw error
    }
  }
  let tar: PeekedSource
  do {
    tar = try PeekedSource(LimitedSource(plain, from: blob, limits), TarHeader.blockSize)
  } catch {
    if case .malformed = error.reason { return nil }
    throw error
  }
  guard tar.prefix.count == TarHeader.blockSize else { return nil }
  let isEmptyArchive = tar.prefix.allSatisfy { $0 == 0 }
  if !isEmptyArchive, (try? TarHeaderDecoder(tar.prefix, at: 0)) == nil { return nil }
  return TarReader(tar, limits: limits)
}
