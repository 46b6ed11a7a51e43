internal import JSON
package import OCIImageSpec

extension ImageStore {
  /// Reads the manifest that a descriptor speaks of. A document that is anything else as well is refused: what one reader takes
  /// for a manifest and another for an index is an attack (CVE-2021-41190).
  package func manifest(_ descriptor: Descriptor) throws(ImageStoreError) -> ImageManifest {
    try parseManifest(try readBlob(descriptor), descriptor)
  }

  package func index(_ descriptor: Descriptor) throws(ImageStoreError) -> ImageIndex {
    try parseIndex(try readBlob(descriptor), descriptor)
  }

  /// Reads the configuration of an image. An artifact, whose configuration is of another type, is none.
  package func configuration(_ manifest: ImageManifest) throws(ImageStoreError) -> ImageConfiguration {
    guard manifest.config.mediaType.isConfig else {
      throw .invalidDocument("manifest", "'\(manifest.config.mediaType)' is not an image's configuration")
    }
    return try parseConfiguration(try readBlob(manifest.config), manifest)
  }

  /// Adds a document as a blob, as compact JSON.
  package func put(
    _ hold: ContentHold, _ document: some Encodable, _ mediaType: MediaType
  ) throws(ImageStoreError) -> Descriptor {
    let bytes: [UInt8]
    do { bytes = try encodeJSON(document, pretty: false) } catch { throw .invalidDocument("\(mediaType)", error.description) }
    let (digest, size) = try putBlob(hold, bytes)
    return Descriptor(mediaType: mediaType, digest: digest, size: size)
  }
}

/// Parses the text of the manifest that `descriptor` speaks of.
package func parseManifest(_ bytes: [UInt8], _ descriptor: Descriptor) throws(ImageStoreError) -> ImageManifest {
  if descriptor.mediaType == .dockerSchema1Manifest || descriptor.mediaType == .dockerSchema1SignedManifest {
    throw .invalidDocument("'\(descriptor.digest)'", "Docker's manifests of schema 1 are not supported")
  }
  let manifest = try decode(ImageManifest.self, bytes, descriptor, forbidden: ["manifests", "fsLayers"])
  try checkMediaType(manifest.mediaType, descriptor)
  return manifest
}

/// Parses the text of the index that `descriptor` speaks of.
package func parseIndex(_ bytes: [UInt8], _ descriptor: Descriptor) throws(ImageStoreError) -> ImageIndex {
  let index = try decode(ImageIndex.self, bytes, descriptor, forbidden: ["config", "layers", "fsLayers"])
  try checkMediaType(index.mediaType, descriptor)
  return index
}

package func parseConfiguration(_ bytes: [UInt8], _ manifest: ImageManifest) throws(ImageStoreError) -> ImageConfiguration {
  let configuration = try decode(ImageConfiguration.self, bytes, manifest.config, forbidden: [])
  if configuration.rootfs.diffIDs.count != manifest.layers.count {
    throw .invalidDocument(
      "'\(manifest.config.digest)'", "rootfs.diff_ids: \(configuration.rootfs.diffIDs.count) for \(manifest.layers.count) layers")
  }
  return configuration
}

/// Parses a configuration of which no more than the digest is known.
func parseConfiguration(_ bytes: [UInt8], _ digest: Digest) throws(ImageStoreError) -> ImageConfiguration {
  let descriptor = Descriptor(mediaType: .imageConfig, digest: digest, size: Int64(bytes.count))
  return try decode(ImageConfiguration.self, bytes, descriptor, forbidden: [])
}

private func decode<Document: Decodable>(
  _ type: Document.Type, _ bytes: [UInt8], _ descriptor: Descriptor, forbidden: [String]
) throws(ImageStoreError) -> Document {
  let name = "'\(descriptor.digest)'"
  do throws(JSONError) {
    let value = try JSONValue(parsing: bytes)
    for key in forbidden where value[key] != nil {
      throw JSONError("'\(key)' has no place in a document of type '\(descriptor.mediaType)'")
    }
    return try decodeJSON(type, from: value)
  } catch {
    throw .invalidDocument(name, error.description)
  }
}

private func checkMediaType(_ embedded: MediaType?, _ descriptor: Descriptor) throws(ImageStoreError) {
  if let embedded, embedded != descriptor.mediaType {
    throw .invalidDocument("'\(descriptor.digest)'", "says that it is '\(embedded)', its descriptor '\(descriptor.mediaType)'")
  }
}
