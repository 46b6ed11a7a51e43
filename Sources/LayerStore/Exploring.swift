package import ImageStore
package import LayerArchive
internal import OCIImageSpec

extension ImageStore {
  /// Reads an image's layers through, verifying them, and tells what each does to the tree of those below.
  package func explore(_ image: StoredImage) throws(LayerStoreError) -> (stack: LayerStack, layers: [LayerDescription]) {
    let hold = try storing { () throws(ImageStoreError) in try self.hold() }
    defer { withExtendedLifetime(hold) {} }
    let stack = LayerStack()
    var layers: [LayerDescription] = []
    for (layer, diffID) in zip(image.manifest.layers, image.configuration.rootfs.diffIDs) {
      let blob = try storing { () throws(ImageStoreError) in try source(layer) }
      var entries: [TarEntry] = []
      let description = try layering("layer '\(layer.digest)'") { () throws(LayerError) in
        try checkLayer(blob, expected: ExpectedDigests(digest: layer.digest, diffID: diffID)) { entries.append($0) }
      }
      stack.add(entries)
      layers.append(description)
    }
    return (stack, layers)
  }
}
