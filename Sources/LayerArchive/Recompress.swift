/// Writes the tar stream of a stored layer again under another compression; the archive stays the same byte for byte, and with it
/// the diffID. `expected` is what `source` must turn out to be.
package func recompress(
  _ source: any ByteSource, to sink: any ByteSink, expected: ExpectedDigests = ExpectedDigests(), _ compression: LayerCompression,
  threads: Int = 2
) throws(LayerError) -> LayerDescription {
  let layer = try LayerSource(source, expected: expected)
  let stream = try TarStream(sink, compression, threads: threads)
  while try unsafe stream.fill({ (space) throws(LayerError) in try unsafe layer.read(into: space) }) > 0 {}
  _ = try layer.finish()
  return try stream.finish()
}
