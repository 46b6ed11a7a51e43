internal import ImageStore
internal import LayerArchive
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

/// The indexes of layers, kept in the cache by diffID, made from the layer where there is none.
final class LayerIndexes {
  private let store: ImageStore
  private let directory: FilePath
  private var known: [Digest: LayerIndex] = [:]

  init(_ store: ImageStore, _ cache: FilePath) {
    self.store = store
    directory = cache.appending("index")
  }

  func tree(_ state: StageState) throws(BuildError) -> ImageTree {
    var indexes: [LayerIndex] = []
    for (layer, diffID) in zip(state.layers, state.image.rootfs.diffIDs) { indexes.append(try index(layer, diffID)) }
    return ImageTree(indexes.reversed(), state.epoch)
  }

  func index(_ layer: Descriptor, _ diffID: Digest) throws(BuildError) -> LayerIndex {
    if let found = known[diffID] { return found }
    let path = directory.appending(diffID.encoded)
    if let bytes = try? readFile(path, limit: 1 << 30), let index = LayerIndex(bytes) {
      known[diffID] = index
      return index
    }
    var builder = LayerIndexBuilder()
    try attempting("cannot read layer '\(layer.digest)'") {
      let source = DescriptorSource(try store.openBlob(layer))
      _ = try checkLayer(source, expected: ExpectedDigests(digest: layer.digest, diffID: diffID)) { builder.add($0) }
    }
    guard let index = builder.finish() else { throw BuildError("layer '\(diffID)' has too many entries") }
    known[diffID] = index
    try attempting("cannot write the build cache") {
      try makeDirectories(directory)
      try replaceFile(path, with: index.content, durable: false)
    }
    return index
  }
}
