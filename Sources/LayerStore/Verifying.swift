package import ImageStore
internal import OCIImageSpec

extension ImageStore {
  /// Recomputes what an image says of itself: size, digest and diffID of each layer, and whether the history speaks of as many
  /// layers as there are. Manifest and configuration are verified whenever they are read.
  /// - Returns: every mismatch, in words.
  package func verify(_ image: StoredImage) -> [String] {
    var problems: [String] = []
    for (layer, diffID) in zip(image.manifest.layers, image.configuration.rootfs.diffIDs) {
      do throws(LayerStoreError) { _ = try verifyLayer(layer, diffID: diffID) } catch { problems.append("\(error)") }
    }
    if let history = image.configuration.history {
      let count = history.count { $0.emptyLayer != true }
      if count != image.manifest.layers.count {
        problems.append("the history speaks of \(count) layers, there are \(image.manifest.layers.count)")
      }
    }
    return problems
  }
}
