internal import ImageStore
internal import JSON
internal import LayerStore
internal import Linux
internal import OCIImageSpec
internal import SystemPackage

// A cache travels as an image: its layers are those of the steps, and a property of its configuration says which step made which. So any
// registry takes it, and an image can carry the cache of its own steps along.

/// One step of a cache that travels. Of the layer only the diffID is said: its archive may be compressed on the way.
struct TravellingStep: Codable {
  static let property = "tote.buildcache.v0"

  var key: JSONValue
  var diffID: Digest
}

extension Build {
  /// Notes a step that this build has made or found. What depends on the files of a context is known by inodes, which mean nothing on
  /// another machine: such a layer is made again there, and is the same.
  func note(_ key: CacheKey, _ layer: BuiltLayer) {
    if key["files"] == nil { notedSteps.append((key, layer)) }
  }

  /// The property for the image itself (`--cache-to type=inline`).
  func inlineCache(of state: StageState) throws(BuildError) -> JSONValue {
    try property(of: notedSteps.filter { state.image.rootfs.diffIDs.contains($0.layer.diffID) })
  }

  private func property(of steps: [(key: CacheKey, layer: BuiltLayer)]) throws(BuildError) -> JSONValue {
    try reporting {
      try JSONValue(encoding: steps.map { TravellingStep(key: .object($0.key.parts), diffID: $0.layer.diffID) })
    }
  }

  /// Puts the cache's image into the store, where nothing refers to it.
  fileprivate func cacheImage(isWhole: Bool, of state: StageState) throws(BuildError) -> Descriptor {
    let steps = notedSteps.filter { isWhole || state.image.rootfs.diffIDs.contains($0.layer.diffID) }
    var seen: Set<Digest> = []
    let layers = steps.map(\.layer).filter { seen.insert($0.diffID).inserted }
    var image = ImageConfiguration(platform: options.platform)
    image.rootfs.diffIDs = layers.map(\.diffID)
    image.unknown.members[TravellingStep.property] = try property(of: steps)
    return try reporting {
      let config = try store.put(hold, image, .imageConfig)
      return try store.put(hold, ImageManifest(config: config, layers: layers.map(\.descriptor)), .imageManifest)
    }
  }
}

extension BuildResult {
  /// Writes the cache of this build.
  package func exportCache(to place: CachePlace) throws(BuildError) {
    switch place.kind {
    case .inline: break
    case .local(let directory):
      let image = try build.cacheImage(isWhole: place.isWhole, of: state)
      try extract(to: directory) { (sink) throws(BuildError) in
        try reporting { try build.store.save([SavedImage(try build.store.image(image), names: [])], to: sink) }
      }
    case .registry(let name):
      let image = try build.cacheImage(isWhole: place.isWhole, of: state)
      try build.withName(name, image) { () throws(BuildError) in try build.push(name) }
    }
  }
}

extension Build {
  /// Runs `body` while the image has a name in the store; whoever had it before gets it back.
  fileprivate func withName(_ name: Reference, _ image: Descriptor, _ body: () throws(BuildError) -> Void) throws(BuildError) {
    let before = try reporting { try store.entries().first { $0.imageName == name } }
    try reporting { try store.record(hold, image, as: name) }
    defer {
      if let before { try? store.record(hold, before, as: name) } else { _ = try? store.remove(name.description, force: true) }
    }
    try body()
  }
}
