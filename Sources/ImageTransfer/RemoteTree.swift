internal import ImageStore
package import OCIImageSpec
package import Registry

/// What a name leads to in a registry.
package struct RemoteTree: Sendable {
  /// Manifests and indexes, each after what it refers to; the one that is named is the last.
  package var documents: [RemoteManifest] = []
  /// Every manifest among them.
  package var manifests: [ImageManifest] = []
  /// Configurations and layers, each once.
  package var blobs: [Descriptor] = []

  package var root: RemoteManifest { documents[documents.count - 1] }
}

extension RemoteRepository {
  /// The trees below what refers to a tree's manifests, and to those in turn.
  package func referrers(to tree: RemoteTree) throws -> [RemoteTree] {
    var found: [RemoteTree] = []
    var seen = Set(tree.documents.map(\.descriptor.digest))
    var asked = tree.documents.map(\.descriptor.digest)[...]
    while let digest = asked.popFirst() {
      for entry in try referrers(to: digest) where seen.insert(entry.digest).inserted {
        guard seen.count <= 1000 else { throw RegistryError(.refused, "\(name): more than 1000 manifests") }
        let referrer = try self.tree(below: try manifest(entry))
        asked += referrer.documents.map(\.descriptor.digest)
        found.append(referrer)
      }
    }
    return found
  }

  /// The whole tree below `root`; of an index the entries that `chosen` leaves. What is `known` is not asked for.
  package func tree(
    below root: RemoteManifest, known: (Descriptor) throws -> RemoteManifest? = { _ in nil },
    chosen: (ImageIndex) throws -> [Descriptor] = { $0.manifests }
  ) throws -> RemoteTree {
    var tree = RemoteTree()
    var seen: Set<Digest> = []
    try add(root, to: &tree, &seen, known, chosen, depth: 0)
    return tree
  }

  private func add(
    _ remote: RemoteManifest, to tree: inout RemoteTree, _ seen: inout Set<Digest>, _ known: (Descriptor) throws -> RemoteManifest?,
    _ chosen: (ImageIndex) throws -> [Descriptor],
    depth: Int
  ) throws {
    guard tree.documents.count < 1000 else { throw RegistryError(.refused, "\(name): more than 1000 manifests") }
    if depth == 4 { throw RegistryError(.refused, "\(name): indexes are nested too deeply") }
    guard seen.insert(remote.descriptor.digest).inserted else { return }
    if remote.descriptor.mediaType.isIndex {
      for entry in try chosen(try parseIndex(remote.bytes, remote.descriptor)) {
        guard entry.mediaType.isIndex || entry.mediaType.isManifest else {
          throw RegistryError(.refused, "\(name): an index with an entry of type '\(entry.mediaType)'")
        }
        try add(try known(entry) ?? manifest(entry), to: &tree, &seen, known, chosen, depth: depth + 1)
      }
    } else {
      let manifest = try parseManifest(remote.bytes, remote.descriptor)
      tree.manifests.append(manifest)
      for blob in [manifest.config] + manifest.layers where seen.insert(blob.digest).inserted { tree.blobs.append(blob) }
    }
    tree.documents.append(remote)
  }
}
