package import ImageStore
package import LayerArchive
package import OCIImageSpec

extension ImageStore {
  /// The image that the container was made from.
  package func image(of container: CommittedContainer) throws(LayerStoreError) -> StoredImage {
    guard let imageID = container.imageID else {
      throw .archive("container '\(container.id.prefix(12))' was not made from an image")
    }
    return try storing { () throws(ImageStoreError) in try resolve("\(imageID)").image }
  }

  /// Makes an image of a container: the layers of `base`, the image that it runs, and one with what it has changed of them. A container
  /// that has changed nothing adds no layer.
  /// - Parameter created: RFC 3339.
  package func commit(
    _ hold: ContentHold, _ container: CommittedContainer, over base: StoredImage, config: ImageConfiguration.Config, as name: Reference?,
    author: String, comment: String, created: String, times: ModificationTimes = .seconds,
    warn: @escaping (BytePath, String) -> Void = { _, _ in }
  ) throws(LayerStoreError) -> LoadedImage {
    var configuration = base.configuration
    configuration.config = config
    configuration.created = created
    configuration.author = author.isEmpty ? nil : author
    var layers = base.manifest.layers
    for index in layers.indices { layers[index].mediaType = layers[index].mediaType.ociEquivalent }
    let difference = try container.difference()
    if !difference.changes.isEmpty {
      let layer = try addLayer(hold, container, difference, times, warn)
      layers.append(Descriptor(mediaType: .layer, digest: layer.digest, size: layer.size))
      configuration.rootfs.diffIDs.append(layer.diffID)
    }
    let step = History(
      created: created, createdBy: container.command, author: configuration.author, comment: comment.isEmpty ? nil : comment,
      emptyLayer: difference.changes.isEmpty ? true : nil)
    configuration.history = (configuration.history ?? []) + [step]
    return try storing { () throws(ImageStoreError) in
      let config = try put(hold, configuration, .imageConfig)
      let target = try put(hold, ImageManifest(config: config, layers: layers), .imageManifest)
      try record(hold, target, as: name)
      return LoadedImage(name: name, id: config.digest, target: target)
    }
  }

  /// Uncompressed, as a build's own layers are.
  private func addLayer(
    _ hold: ContentHold, _ container: CommittedContainer, _ difference: TreeDifference, _ times: ModificationTimes,
    _ warn: @escaping (BytePath, String) -> Void
  ) throws(LayerStoreError) -> LayerDescription {
    let file = try storing { () throws(ImageStoreError) in try temporaryBlob() }
    let sink = DescriptorSink(file)
    let description = try layering("container '\(container.id.prefix(12))'") { () throws(LayerError) in
      let writer = try LayerWriter(to: sink, compression: .none, times: times, threads: 1)
      try writer.add(difference, of: try container.openUpper(), TreeOptions(warn: warn))
      return try writer.finish()
    }
    try storing { () throws(ImageStoreError) in
      try adopt(hold, sink.descriptor, digest: description.digest, size: description.size)
    }
    return description
  }
}
