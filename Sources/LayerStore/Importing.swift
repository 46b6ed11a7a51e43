package import ImageStore
package import LayerArchive
package import OCIImageSpec

extension ImageStore {
  /// Makes an image of one layer from a tar archive, plain or compressed by gzip or zstd, which becomes the layer as it is.
  /// - Parameter created: RFC 3339.
  package func importImage(
    _ source: any ByteSource, sourceName: String, as name: Reference?, config: ImageConfiguration.Config, platform: Platform = .host,
    created: String, comment: String
  ) throws(LayerStoreError) -> LoadedImage {
    let hold = try storing { () throws(ImageStoreError) in try self.hold() }
    let layer = try addLayer(hold, from: source, name: sourceName)
    var configuration = ImageConfiguration(platform: platform, config: config)
    configuration.created = created
    configuration.rootfs.diffIDs = [layer.diffID]
    configuration.history = [History(created: created, comment: comment)]
    return try storing { () throws(ImageStoreError) in
      let config = try put(hold, configuration, .imageConfig)
      let descriptor = Descriptor(mediaType: MediaType(rawValue: layer.mediaType), digest: layer.digest, size: layer.size)
      let target = try put(hold, ImageManifest(config: config, layers: [descriptor]), .imageManifest)
      try record(hold, target, as: name)
      return LoadedImage(name: name, id: config.digest, target: target)
    }
  }
}
