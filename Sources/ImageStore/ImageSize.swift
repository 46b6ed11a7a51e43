internal import Linux
internal import OCIImageSpec

extension ImageStore {
  /// Bytes of the image's layers, uncompressed: what docker shows as its size.
  package func size(of image: StoredImage) throws(ImageStoreError) -> Int64 {
    try layerSizes(of: image).reduce(0, +)
  }

  /// Bytes of each layer's tar archive, the base layer first. Known where the layer is unpacked or stored as it is; else what the
  /// end of a gzip member says (RFC 1952, ISIZE), and where that cannot be, the size of the blob.
  package func layerSizes(of image: StoredImage) throws(ImageStoreError) -> [Int64] {
    var sizes: [Int64] = []
    for (layer, chainID) in zip(image.manifest.layers, image.chainIDs) {
      if layer.mediaType.layerCompression == MediaType.Compression.none {
        sizes.append(layer.size)
      } else if let record = try layerRecord(chainID) {
        sizes.append(record.size)
      } else {
        sizes.append(max(layer.size, gzipSize(layer) ?? 0))
      }
    }
    return sizes
  }

  private func gzipSize(_ layer: Descriptor) -> Int64? {
    guard layer.mediaType.layerCompression == .gzip, layer.size > 18, let file = try? openBlob(layer) else { return nil }
    var bytes: [UInt8] = [0, 0, 0, 0]
    var span = bytes.mutableSpan
    let count = try? unsafe span.withUnsafeMutableBytes { (buffer) throws(SystemError) in
      try unsafe file.read(into: buffer, at: layer.size - 4)
    }
    return count == 4 ? bytes.reversed().reduce(0) { $0 << 8 | Int64($1) } : nil
  }
}
