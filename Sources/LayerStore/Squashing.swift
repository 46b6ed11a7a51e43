package import ImageStore
package import LayerArchive
internal import Linux
package import OCIImageSpec
internal import SystemPackage

extension ImageStore {
  /// Makes an image that shows the same tree in one layer, or in one layer over those of `base`, which must be the image's lowest.
  /// The configuration is the image's; its history begins anew, or with the base's.
  package func squash(
    _ image: StoredImage, onto base: StoredImage?, as name: Reference?, warn: @escaping (BytePath, String) -> Void = { _, _ in }
  ) throws(LayerStoreError) -> LoadedImage {
    let hold = try storing { () throws(ImageStoreError) in try self.hold() }
    let diffIDs = image.configuration.rootfs.diffIDs
    let kept = base?.configuration.rootfs.diffIDs ?? []
    guard diffIDs.starts(with: kept) else {
      throw .archive("the layers of '\(base?.id.encoded.prefix(12) ?? "")' are not the lowest of '\(image.id.encoded.prefix(12))'")
    }
    var layers = Array(image.manifest.layers.prefix(kept.count))
    for index in layers.indices { layers[index].mediaType = layers[index].mediaType.ociEquivalent }
    var configuration = image.configuration
    configuration.rootfs.diffIDs = kept
    var step = History(
      created: configuration.created, createdBy: "layerctl squash", comment: "squashed from \(image.id)")
    if let layer = try squashedLayer(hold, image, keeping: kept.count, warn) {
      layers.append(Descriptor(mediaType: .layer, digest: layer.digest, size: layer.size))
      configuration.rootfs.diffIDs.append(layer.diffID)
    } else {
      step.emptyLayer = true
    }
    configuration.history = (base?.configuration.history ?? []) + [step]
    return try storing { () throws(ImageStoreError) in
      let config = try put(hold, configuration, .imageConfig)
      let target = try put(hold, ImageManifest(config: config, layers: layers), .imageManifest)
      try record(hold, target, as: name)
      return LoadedImage(name: name, id: config.digest, target: target)
    }
  }

  /// The layer that makes the image's tree of that of its first `count` layers; nil where the two are the same.
  private func squashedLayer(
    _ hold: ContentHold, _ image: StoredImage, keeping count: Int, _ warn: @escaping (BytePath, String) -> Void
  ) throws(LayerStoreError) -> LayerDescription? {
    let whole = try scratchTree(image, image.manifest.layers.count, warn)
    let file = try storing { () throws(ImageStoreError) in try temporaryBlob() }
    let sink = DescriptorSink(file)
    let subject = "image '\(image.id.encoded.prefix(12))'"
    var difference: TreeDifference?
    if count > 0 {
      let below = try scratchTree(image, count, { _, _ in })
      let found = try layering(subject) { () throws(LayerError) in try TreeDifference(from: below.open(), to: whole.open()) }
      if found.changes.isEmpty { return nil }
      difference = found
    }
    let layer = try layering(subject) { () throws(LayerError) in
      let writer = try LayerWriter(to: sink, compression: .none, times: .exact, threads: 1)
      if let difference {
        try writer.add(difference, of: whole.open(), TreeOptions(warn: warn))
      } else {
        try writer.addTree(whole.open(), TreeOptions(warn: warn))
      }
      return try writer.finish()
    }
    try storing { () throws(ImageStoreError) in try adopt(hold, sink.descriptor, digest: layer.digest, size: layer.size) }
    return layer
  }

  /// The tree of the first `count` layers, beside the unpacked ones: what a crash leaves of it, garbage collection takes.
  private func scratchTree(
    _ image: StoredImage, _ count: Int, _ warn: @escaping (BytePath, String) -> Void
  ) throws(LayerStoreError) -> ScratchTree {
    let path = self.layers.appending(".squash.\(UInt32.random(in: .min ... .max)).tmp")
    let tree = try layering("image '\(image.id.encoded.prefix(12))'") { () throws(LayerError) in try ScratchTree(path) }
    for (layer, diffID) in zip(image.manifest.layers, image.configuration.rootfs.diffIDs).prefix(count) {
      let blob = try storing { () throws(ImageStoreError) in try source(layer) }
      try layering("layer '\(layer.digest)'") { () throws(LayerError) in
        try tree.add(blob, expected: ExpectedDigests(digest: layer.digest, diffID: diffID), warn: warn)
      }
    }
    return tree
  }
}
