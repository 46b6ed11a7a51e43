package import OCIImageSpec

/// A repository where it really is: that which a reference names, or a mirror of it under another name.
package struct RemoteRepository: Sendable {
  package let client: RegistryClient
  /// Within the registry.
  package let path: String
  /// As messages show it: the reference's familiar name.
  package let name: String

  package init(_ client: RegistryClient, path: String, name: String) {
    self.client = client
    self.path = path
    self.name = name
  }

  /// The same over a connection of its own, for another thread.
  package func sibling() throws(RegistryError) -> RemoteRepository { RemoteRepository(try client.sibling(), path: path, name: name) }

  package func manifest(_ reference: Reference) throws(RegistryError) -> RemoteManifest {
    let wanted = reference.digest?.description ?? reference.tag ?? Reference.defaultTag
    return try client.manifest(path, wanted, named: reference.familiarDescription)
  }

  /// The manifest or index that a descriptor of this repository speaks of, which must be what it says.
  package func manifest(_ descriptor: Descriptor) throws(RegistryError) -> RemoteManifest {
    let remote = try client.manifest(path, descriptor.digest.description, named: name)
    guard remote.descriptor.size == descriptor.size, remote.descriptor.mediaType == descriptor.mediaType else {
      throw RegistryError(.verification, "\(name): the manifest \(descriptor.digest) is not what the index says of it")
    }
    return remote
  }
}
