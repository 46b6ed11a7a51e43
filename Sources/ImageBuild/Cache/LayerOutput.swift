internal import ImageStore
internal import LayerArchive
internal import Linux
internal import OCIImageSpec

extension ImageStore {
  /// Writes a layer, uncompressed, as a blob of the store: nothing is left where `body` throws or the process is killed.
  func buildLayer(
    _ hold: ContentHold, times: ModificationTimes = .seconds, ordered: Bool = true, _ body: (LayerWriter) throws(BuildError) -> Void
  ) throws(BuildError) -> BuiltLayer {
    let sink = try reporting { DescriptorSink(try temporaryBlob()) }
    let writer = try reporting { try LayerWriter(to: sink, compression: .none, times: times, ordered: ordered, threads: 1) }
    try body(writer)
    let description = try reporting { try writer.finish() }
    try reporting { try adopt(hold, sink.descriptor, digest: description.digest, size: description.size) }
    return BuiltLayer(
      descriptor: Descriptor(mediaType: .layer, digest: description.digest, size: description.size), diffID: description.diffID)
  }
}
