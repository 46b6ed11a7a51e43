internal import ImageStore
internal import JSON
internal import LayerStore
internal import OCIImageSpec
internal import SystemPackage

extension Build {
  /// Takes the caches of `--cache-from` into the store's own. One that cannot be had makes the build slower, not wrong.
  func importCaches() {
    for place in options.cacheSources {
      do throws(BuildError) {
        let count = try importCache(place)
        progress.note("took \(count) steps from the cache of \(place)")
      } catch { progress.warning("the cache of \(place): \(error)") }
    }
  }

  private func importCache(_ place: CachePlace) throws(BuildError) -> Int {
    switch place.kind {
    case .inline: return 0
    case .local(let directory):
      let images = try reporting { try store.take(hold, layout: directory) }
      var count = 0
      for image in images { count += try record(try reporting { try store.image(image.target) }) }
      return count
    case .registry(let name):
      let isMine = try reporting { try store.entries().contains { $0.imageName == name } }
      progress.note("fetching the cache of \(place)")
      let found = try pulledImage(name)
      // The records keep the layers; the image was wanted for them alone.
      defer { if !isMine { _ = try? store.remove(name.description, force: true) } }
      return try record(found)
    }
  }

  private func record(_ image: StoredImage) throws(BuildError) -> Int {
    guard let property = image.configuration.unknown.members[TravellingStep.property] else { throw BuildError("there is no cache in it") }
    let steps = try attempting("its list of steps") { try decodeJSON([TravellingStep].self, from: property) }
    let layers = Dictionary(zip(image.configuration.rootfs.diffIDs, image.manifest.layers), uniquingKeysWith: { a, _ in a })
    var count = 0
    for step in steps {
      guard let layer = layers[step.diffID], let parts = step.key.objectValue, let key = CacheKey(parts) else { continue }
      // What is known here is as good, and not compressed.
      if cache.layer(key) == nil { try cache.record(BuiltLayer(descriptor: layer, diffID: step.diffID), key) }
      count += 1
    }
    return count
  }
}
