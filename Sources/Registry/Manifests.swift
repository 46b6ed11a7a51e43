internal import ContentHash
package import OCIImageSpec

/// A manifest or index as a registry has it: the bytes decide its digest and are kept.
package struct RemoteManifest: Sendable {
  package let bytes: [UInt8]
  package let descriptor: Descriptor

  package init(bytes: [UInt8], descriptor: Descriptor) {
    self.bytes = bytes
    self.descriptor = descriptor
  }
}

extension RegistryClient {
  private static let accepted: [MediaType] = [.imageIndex, .imageManifest, .dockerManifestList, .dockerManifest]

  static func scope(_ repository: String, _ actions: String) -> String { "repository:\(repository):\(actions)" }

  /// Fetches what `reference` names by digest, else by tag. A digest in the reference must be the content's.
  package func manifest(_ reference: Reference) throws(RegistryError) -> RemoteManifest {
    try manifest(
      reference.path, reference.digest?.description ?? reference.tag ?? Reference.defaultTag, named: reference.familiarDescription)
  }

  package func manifest(_ repository: String, _ tagOrDigest: String, named name: String) throws(RegistryError) -> RemoteManifest {
    let response = try send(
      .get, "/v2/\(repository)/manifests/\(tagOrDigest)", scopes: [Self.scope(repository, "pull")],
      headers: Self.accepted.map { ("Accept", $0.rawValue) })
    guard response.status == 200 else { throw failure(response, name) }
    let type = MediaType(rawValue: String((response.header("content-type") ?? "").prefix { $0 != ";" }))
    if type == .dockerSchema1Manifest || type == .dockerSchema1SignedManifest {
      throw RegistryError(.refused, "\(name): an image manifest of schema 1, which is not supported")
    }
    guard type.isManifest || type.isIndex else { throw RegistryError(.verification, "\(name): '\(type)' is no manifest") }
    let wanted = Digest(tagOrDigest)
    let digest = contentDigest(of: response.body, wanted?.algorithm ?? .sha256)
    if let wanted, wanted != digest {
      throw RegistryError(.verification, "\(name): the registry's manifest has the digest \(digest)")
    }
    if let told = response.header("docker-content-digest").flatMap({ Digest($0) }), told.algorithm == digest.algorithm, told != digest {
      throw RegistryError(.verification, "\(name): the registry says that its manifest is \(told), but it is \(digest)")
    }
    return RemoteManifest(bytes: response.body, descriptor: Descriptor(mediaType: type, digest: digest, size: Int64(response.body.count)))
  }

  /// The digest of a tag's manifest, without its content: a HEAD, which registries that count pulls do not count.
  package func manifestDigest(_ repository: String, _ tag: String, named name: String) throws(RegistryError) -> Digest {
    let response = try send(
      .head, "/v2/\(repository)/manifests/\(tag)", scopes: [Self.scope(repository, "pull")],
      headers: Self.accepted.map { ("Accept", $0.rawValue) })
    guard response.status == 200 else { throw failure(response, name) }
    if let digest = response.header("docker-content-digest").flatMap({ Digest($0) }) { return digest }
    return try manifest(repository, tag, named: name).descriptor.digest
  }

  /// Puts a manifest under a tag or its digest; the digest that the registry confirms must be ours.
  /// - Returns: whether the registry has taken note of the manifest's subject (`OCI-Subject`).
  func putManifest(
    _ bytes: [UInt8], _ mediaType: MediaType, repository: String, _ tagOrDigest: String, named name: String
  ) throws(RegistryError) -> Bool {
    let response = try send(
      .put, "/v2/\(repository)/manifests/\(tagOrDigest)", scopes: [Self.scope(repository, "pull,push")],
      headers: [("Content-Type", mediaType.rawValue)], body: .bytes(bytes))
    guard response.status == 201 || response.status == 200 else { throw failure(response, name) }
    let digest = contentDigest(of: bytes)
    if let told = response.header("docker-content-digest").flatMap({ Digest($0) }), told.algorithm == .sha256, told != digest {
      throw RegistryError(.verification, "\(name): the registry stored \(told) instead of \(digest)")
    }
    return response.header("oci-subject") != nil
  }
}
