internal import ImageStore
internal import OCIImageSpec
internal import Registry

extension [RemoteRepository] {
  /// What a name leads to in the first of the places that has it; where none has, what each of them said.
  func firstManifest(_ reference: Reference) throws -> (RemoteRepository, RemoteManifest) {
    var failures: [RegistryError] = []
    for repository in self {
      do { return (repository, try repository.manifest(reference)) } catch { failures.append(error) }
    }
    guard let last = failures.last else { throw RegistryError(.refused, "\(reference): no registry") }
    throw failures.count == 1 ? last : RegistryError(last.kind, failures.map(\.description).joined(separator: "; "))
  }
}

/// The entry of an index for a platform.
func image(of index: ImageIndex, for platform: Platform, named name: String) throws(RegistryError) -> Descriptor {
  if let entry = index.manifest(for: platform) { return entry }
  throw RegistryError(.notFound, "no matching manifest for \(platform) in the manifest list entries: \(name)")
}

func image(of remote: RemoteManifest, for platform: Platform, named name: String) throws -> Descriptor {
  try image(of: try parseIndex(remote.bytes, remote.descriptor), for: platform, named: name)
}
