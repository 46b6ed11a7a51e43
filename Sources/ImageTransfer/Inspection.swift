internal import ContentHash
internal import ImageStore
package import JSON
package import OCIImageSpec
package import Registry

/// What can be said of an image in a registry without fetching its layers.
package struct Inspection {
  private static let configurationLimit: Int64 = 8 << 20

  package let reference: Reference
  package let sources: [RemoteRepository]
  /// Which image of an index; nil for the index itself, and this machine's where only an image will do.
  package var platform: Platform?

  package init(_ reference: Reference, _ sources: [RemoteRepository]) {
    self.reference = reference
    self.sources = sources
  }

  /// What the name leads to.
  package func manifest() throws -> RemoteManifest {
    let (repository, named) = try sources.firstManifest(reference)
    guard let platform else { return named }
    return try single(named, platform, repository)
  }

  /// The text of the image's configuration, verified.
  package func configuration() throws -> [UInt8] {
    let (repository, named) = try sources.firstManifest(reference)
    let image = try single(named, platform ?? .host, repository)
    return try configuration(try parseManifest(image.bytes, image.descriptor), repository)
  }

  /// What a person wants to know of it.
  package func summary() throws -> JSONValue {
    let (repository, named) = try sources.firstManifest(reference)
    let image = try single(named, platform ?? .host, repository)
    let manifest = try parseManifest(image.bytes, image.descriptor)
    var summary = JSONObject()
    summary["Name"] = .string(reference.name)
    summary["Digest"] = .string("\(named.descriptor.digest)")
    summary["MediaType"] = .string("\(named.descriptor.mediaType)")
    if named.descriptor.mediaType.isIndex {
      let platforms = try parseIndex(named.bytes, named.descriptor).manifests.compactMap(\.platform).filter { $0.os != "unknown" }
      summary["Platforms"] = .array(platforms.map { .string("\($0)") })
      summary["ImageDigest"] = .string("\(image.descriptor.digest)")
    }
    if manifest.config.mediaType.isConfig {
      summary["Id"] = .string("\(manifest.config.digest)")
      let document = try JSONValue(parsing: try configuration(manifest, repository))
      for (name, key) in [("Created", "created"), ("Architecture", "architecture"), ("Os", "os"), ("Config", "config")] {
        if let value = document[key] { summary[name] = value }
      }
    } else {
      summary["ArtifactType"] = .string("\(manifest.artifactType ?? manifest.config.mediaType)")
    }
    summary["Size"] = try JSONValue(parsing: Array("\(manifest.layers.map(\.size).reduce(0, +))".utf8))
    summary["Layers"] = .array(manifest.layers.map { .string("\($0.digest)") })
    return .object(summary)
  }

  private func single(_ named: RemoteManifest, _ platform: Platform, _ repository: RemoteRepository) throws -> RemoteManifest {
    guard named.descriptor.mediaType.isIndex else { return named }
    return try repository.manifest(try image(of: named, for: platform, named: reference.familiarDescription))
  }

  private func configuration(_ manifest: ImageManifest, _ repository: RemoteRepository) throws -> [UInt8] {
    let target = MemoryTarget(limit: min(manifest.config.size, Self.configurationLimit))
    let name = "\(repository.name): blob \(manifest.config.digest)"
    let download = BlobDownload(to: target, named: name) { _ in }
    try repository.client.download(repository.path, manifest.config, into: download, received: { target.size })
    guard contentDigest(of: target.bytes, manifest.config.digest.algorithm) == manifest.config.digest else {
      throw RegistryError(.verification, "\(name): the content has another digest")
    }
    return target.bytes
  }
}

private final class MemoryTarget: DownloadTarget {
  private let limit: Int64
  private(set) var bytes: [UInt8] = []
  var size: Int64 { Int64(bytes.count) }

  init(limit: Int64) { self.limit = limit }

  func write(_ more: UnsafeRawBufferPointer) throws(ImageStoreError) {
    if size + Int64(more.count) > limit { throw .unexpectedSize(nil, expected: limit, actual: size + Int64(more.count)) }
    unsafe bytes.append(contentsOf: more)
  }
}
