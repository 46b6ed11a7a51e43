package import ImageStore
package import LayerArchive
package import OCIImageSpec

/// An image that came out of an archive.
package struct LoadedImage: Hashable, Sendable {
  package let name: Reference?
  /// The image ID; for what is no image, the digest of its manifest.
  package let id: Digest
  package let target: Descriptor
}

extension ImageStore {
  /// Reads an archive of images: an OCI layout in a tar archive, what `docker save` and `podman save` write in either of their
  /// formats, or the hybrid of both. Everything is verified before the first name is given.
  package func load(_ source: any ByteSource) throws(LayerStoreError) -> [LoadedImage] {
    let hold = try storing { () throws(ImageStoreError) in try self.hold() }
    let archive = try ImageArchive(source, self, hold)
    let images: [LoadedImage]
    if try archive.file(ImageLayout.indexName) != nil, try archive.file(ImageLayout.fileName) != nil {
      images = try OCIArchive(archive).load()
    } else if try archive.file("manifest.json") != nil {
      images = try DockerArchive(archive).load()
    } else if try archive.file("repositories") != nil {
      throw .archive("archive: the format of docker before 1.10 is not supported; load it there and save it again")
    } else {
      throw .archive("archive: neither an OCI layout nor a docker archive: there is no index.json with oci-layout, and no manifest.json")
    }
    try storing { () throws(ImageStoreError) in try record(hold, images.map { ($0.target, $0.name) }) }
    return images
  }
}
