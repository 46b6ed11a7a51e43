/// Turns the chunks of a tar stream into the stored form of one compression.
protocol LayerEncoder: AnyObject {
  /// An empty chunk to fill.
  func emptyChunk(_ output: inout BlobOutput) throws(LayerError) -> Chunk
  /// Takes a chunk back. Only the last one may be less than full.
  func encode(_ chunk: Chunk, _ output: inout BlobOutput) throws(LayerError)
  /// Writes what is left.
  func finish(_ output: inout BlobOutput) throws(LayerError)
}

/// The tar stream as it is.
final class PlainEncoder: LayerEncoder {
  private let chunk = Chunk(outputSize: 0)

  func emptyChunk(_ output: inout BlobOutput) throws(LayerError) -> Chunk { chunk }

  func encode(_ chunk: Chunk, _ output: inout BlobOutput) throws(LayerError) {
    try unsafe output.write(chunk.content)
    chunk.inputCount = 0
  }

  func finish(_ output: inout BlobOutput) throws(LayerError) {}
}
