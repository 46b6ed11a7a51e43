package import ImageStore
package import LayerArchive
package import OCIImageSpec

extension ImageStore {
  /// The bytes of a blob, for a reader of layers.
  package func source(_ descriptor: Descriptor) throws(ImageStoreError) -> any ByteSource {
    DescriptorSource(try openBlob(descriptor))
  }

  /// Reads a layer's blob through, and checks size, digest and, where it is known, the digest of the uncompressed archive.
  package func verifyLayer(_ descriptor: Descriptor, diffID: Digest?) throws(LayerStoreError) -> LayerDescription {
    let blob = try storing { () throws(ImageStoreError) in try source(descriptor) }
    return try layering("layer '\(descriptor.digest)'") { () throws(LayerError) in
      try LayerSource(blob, expected: ExpectedDigests(digest: descriptor.digest, diffID: diffID)).finish()
    }
  }

  /// Adds a layer that somebody else packed: as it is where it is plain, gzip or zstd, else decompressed.
  package func addLayer(_ hold: ContentHold, from source: any ByteSource, name: String) throws(LayerStoreError) -> LayerDescription {
    let file = try storing { () throws(ImageStoreError) in try temporaryBlob() }
    let storable = try layering(name) { () throws(LayerError) in try storableLayer(source) }
    let copy = CopyingSource(storable, to: DescriptorSink(file))
    let description = try layering(name) { () throws(LayerError) in
      let layer = try LayerSource(copy)
      // An archive that cannot be applied is refused now rather than when it is used.
      let reader = TarReader(layer)
      while try reader.next() != nil {}
      return try layer.finish()
    }
    try storing { () throws(ImageStoreError) in
      try adopt(hold, copy.sink.descriptor, digest: description.digest, size: description.size)
    }
    return description
  }
}

/// Hands on what it reads, and writes it to a file on the way.
final class CopyingSource: ByteSource {
  private let source: any ByteSource
  let sink: DescriptorSink

  init(_ source: any ByteSource, to sink: DescriptorSink) {
    self.source = source
    self.sink = sink
  }

  func read(into buffer: UnsafeMutableRawBufferPointer) throws(LayerError) -> Int {
    let count = try unsafe source.read(into: buffer)
    try unsafe sink.write(UnsafeRawBufferPointer(rebasing: buffer[..<count]))
    return count
  }
}
