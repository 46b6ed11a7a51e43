package import Dockerfile
package import ImageStore
internal import JSON
internal import Linux
package import OCIImageSpec

/// What a build has made.
package struct BuildResult {
  /// Of the configuration: what docker calls the image's ID.
  package let id: Digest
  package let manifest: Descriptor
  /// The image is in the store, and has these names there.
  package let isStored: Bool
  package let tags: [Reference]
  let build: Build
  let state: StageState
}

/// Builds the target stage of a Dockerfile, puts the image into the store and gives it its names.
package func build(
  _ document: DockerfileDocument, _ options: BuildOptions, in store: ImageStore, _ progress: Progress
) throws(BuildError) -> BuildResult {
  let build = try Build(document, options, store, progress)
  let state = try build.target()
  return try build.record(options.squash ? try build.squashed(state) : state)
}

/// Tells of each step of a build whether the cache has it, and if not why, and runs nothing.
package func explain(
  _ document: DockerfileDocument, _ options: BuildOptions, in store: ImageStore
) throws(BuildError) -> [StepExplanation] {
  var options = options
  options.isExplained = true
  let build = try Build(document, options, store, Progress(.quiet))
  _ = try build.target()
  return build.explanation?.steps ?? []
}

extension Build {
  fileprivate func record(_ state: StageState) throws(BuildError) -> BuildResult {
    var image = state.image
    image.created = epoch.text
    var config = state.config
    if !options.labels.isEmpty {
      var labels = config.labels ?? [:]
      for (name, value) in options.labels { labels[name] = value }
      config.labels = labels
    }
    image.config = config
    if options.cacheTargets.contains(where: { $0.kind == .inline }) {
      image.unknown.members[TravellingStep.property] = try inlineCache(of: state)
    }
    image.history = image.history ?? []
    let annotations = Dictionary(options.annotations.map { ($0.name, $0.value) }, uniquingKeysWith: { $1 })
    return try reporting {
      let descriptor = try store.put(hold, image, .imageConfig)
      let manifest = ImageManifest(
        config: descriptor, layers: state.layers, annotations: annotations.isEmpty ? nil : annotations)
      var target = try store.put(hold, manifest, .imageManifest)
      // When it was really built is told beside the image, not in it.
      target.annotations = [Annotation.created: Timestamp(seconds: Timestamp.now.seconds).rfc3339]
      target.platform = image.platform
      target = try attested(target, state)
      let names = options.storedNames
      if let names { try store.record(hold, names.isEmpty ? [(target, nil)] : names.map { (target, $0) }) }
      return BuildResult(id: descriptor.digest, manifest: target, isStored: names != nil, tags: names ?? [], build: self, state: state)
    }
  }
}

extension BuildOptions {
  /// The image's names in the store; nil where it does not go there.
  fileprivate var storedNames: [Reference]? {
    if outputs.isEmpty { return tags }
    var names: [Reference]?
    for case .image(let more, _) in outputs { names = (names ?? tags) + more }
    return names.map { names in names.enumerated().filter { !names[..<$0.offset].contains($0.element) }.map(\.element) }
  }
}
