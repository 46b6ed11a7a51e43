internal import ImageStore
internal import JSON
internal import LayerArchive
internal import OCIImageSpec

/// One image of `manifest.json` in a docker archive.
struct DockerArchiveItem: Codable {
  var config: String
  var repoTags: [String]?
  var layers: [String]?

  enum CodingKeys: String, CodingKey {
    case config = "Config"
    case repoTags = "RepoTags"
    case layers = "Layers"
  }
}

/// What `docker save` wrote before version 25, and `podman save` writes: configurations and plain layers, and no manifests. The
/// configuration stays as it is, and with it the image's ID; the manifest is ours.
struct DockerArchive {
  private let archive: any ImageFiles
  private var store: ImageStore { archive.store }

  init(_ archive: any ImageFiles) { self.archive = archive }

  func load() throws(LayerStoreError) -> [LoadedImage] {
    let text = try archive.document("manifest.json") ?? []
    let items: [DockerArchiveItem]
    do throws(JSONError) { items = try decodeJSON([DockerArchiveItem].self, from: text) } catch {
      throw .archive("archive: manifest.json: \(error)")
    }
    if items.isEmpty { throw .archive("archive: there is no image in it") }
    var images: [LoadedImage] = []
    for item in items {
      // Names first: nothing is read for an image that could not be given its name.
      let names = try names(item)
      let (target, id) = try manifest(item)
      images += (names.isEmpty ? [nil] : names.map { Optional($0) }).map { LoadedImage(name: $0, id: id, target: target) }
    }
    return images
  }

  private func names(_ item: DockerArchiveItem) throws(LayerStoreError) -> [Reference] {
    var names: [Reference] = []
    for tag in item.repoTags ?? [] {
      do throws(ReferenceError) { names.append(try Reference(tag).withDefaultTag) } catch {
        throw .archive("archive: manifest.json: RepoTags: '\(tag)': \(error.message)")
      }
    }
    return names
  }

  private func manifest(_ item: DockerArchiveItem) throws(LayerStoreError) -> (target: Descriptor, id: Digest) {
    guard let configFile = try archive.file(item.config), let text = try archive.document(item.config) else {
      throw .archive("archive: configuration '\(item.config)' is missing")
    }
    try archive.keep(configFile)
    let config = Descriptor(mediaType: .imageConfig, digest: configFile.digest, size: configFile.size)
    let configuration: ImageConfiguration
    do throws(JSONError) { configuration = try decodeJSON(ImageConfiguration.self, from: text) } catch {
      throw .archive("archive: '\(item.config)': \(error)")
    }
    let paths = item.layers ?? []
    if configuration.rootfs.diffIDs.count != paths.count {
      throw .archive("archive: '\(item.config)': rootfs.diff_ids: \(configuration.rootfs.diffIDs.count) for \(paths.count) layers")
    }
    var layers: [Descriptor] = []
    for (path, diffID) in zip(paths, configuration.rootfs.diffIDs) { layers.append(try layer(path, diffID)) }
    let target = try storing { () throws(ImageStoreError) in
      try store.put(archive.hold, ImageManifest(config: config, layers: layers), .imageManifest)
    }
    return (target, configFile.digest)
  }

  private func layer(_ path: String, _ diffID: Digest) throws(LayerStoreError) -> Descriptor {
    guard let file = try archive.file(path) else { throw .archive("archive: layer '\(path)' is missing") }
    try archive.keep(file)
    var descriptor = Descriptor(mediaType: .layer, digest: file.digest, size: file.size)
    let description: LayerDescription
    do throws(LayerStoreError) { description = try store.verifyLayer(descriptor, diffID: diffID) } catch {
      if case .layer(let error, _) = error { throw .layer(error, "archive: layer '\(path)'") }
      throw error
    }
    descriptor.mediaType = MediaType(rawValue: description.mediaType)
    return descriptor
  }
}
