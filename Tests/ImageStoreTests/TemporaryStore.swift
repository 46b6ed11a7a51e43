import ImageStore
import JSON
import Linux
import OCIImageSpec
import SystemPackage

/// A store in a directory of its own that goes with this value, and short ways to put things into it.
final class TemporaryStore {
  let store: ImageStore

  init() throws {
    let root = FilePath("/dev/shm/tote-store-test.\(UInt64.random(in: .min ... .max))")
    try makeDirectories(root)
    store = ImageStore(root)
  }

  deinit { try? removeTree(store.root) }

  /// Adds an image whose layers have `layers` as content; they need not be archives for the store.
  @discardableResult
  func add(
    _ name: String?, layers: [String] = ["layer"], created: String = "2026-01-02T03:04:05Z", platform: Platform = .host
  ) throws -> Descriptor {
    let hold = try store.hold()
    let target = try manifest(hold, layers: layers, created: created, platform: platform)
    try store.record(hold, target, as: try name.map { try Reference($0) })
    return target
  }

  func manifest(_ hold: ContentHold, layers: [String], created: String, platform: Platform) throws -> Descriptor {
    var configuration = ImageConfiguration(platform: platform)
    configuration.created = created
    var descriptors: [Descriptor] = []
    for layer in layers {
      let (digest, size) = try store.putBlob(hold, Array(layer.utf8))
      descriptors.append(Descriptor(mediaType: .layer, digest: digest, size: size))
      configuration.rootfs.diffIDs.append(digest)
    }
    let config = try store.put(hold, configuration, .imageConfig)
    return try store.put(hold, ImageManifest(config: config, layers: descriptors), .imageManifest)
  }

  /// Adds an index of one image for each platform.
  @discardableResult
  func addIndex(_ name: String, _ platforms: [Platform]) throws -> Descriptor {
    let hold = try store.hold()
    var index = ImageIndex()
    for platform in platforms {
      var entry = try manifest(hold, layers: ["\(platform)"], created: "2026-01-02T03:04:05Z", platform: platform)
      entry.platform = platform
      index.manifests.append(entry)
    }
    let target = try store.put(hold, index, .imageIndex)
    try store.record(hold, target, as: try Reference(name))
    return target
  }

  func container(_ id: String, imageID: Digest) throws {
    try makeDirectories(store.containers.appending(id))
    try replaceFile(
      store.containers.appending(id).appending("container.json"),
      with: JSONValue.object(["id": .string(id), "imageID": .string("\(imageID)")]).serialized())
  }

  func flip(_ path: FilePath) throws {
    var bytes = try readFile(path)
    bytes[bytes.count / 2] ^= 1
    try replaceFile(path, with: bytes)
  }
}
