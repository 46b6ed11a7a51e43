internal import ContentHash
package import OCIImageSpec

/// A manifest or index as a registry has it: the bytes decide its digest and are kept.
package struct RemoteManifest: Sendable {
  package let bytes: [UInt8]
  package let descriptor: Descriptor
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

  /// The descriptor of what a reference names, without its content; nil where the registry has none.
  package func manifestDigest(_ reference: Reference) throws(RegistryError) -> Digest? {
    let response = try send(
      .head, "/v2/\(reference.path)/manifests/\(reference.digest?.description ?? reference.tag ?? Reference.defaultTag)",
      scopes: [Self.scope(reference.path, "pull")], headers: Self.accepted.map { ("Accept", $0.rawValue) })
    if response.status == 404 { return nil }
    guard response.status == 200 else { throw failure(response, reference.familiarDescription) }
    return response.header("docker-content-digest").flatMap { Digest($0) }
  }

  /// Puts a manifest under a tag or its digest; the digest that the registry confirms must be ours.
  package func putManifest(
    _ bytes: [UInt8], _ mediaType: MediaType, repository: String, _ tagOrDigest: String, named name: String
  ) throws(RegistryError) {
    let response = try send(
      .put, "/v2/\(repository)/manifests/\(tagOrDigest)", scopes: [Self.scope(repository, "pull,push")],
      headers: [("Content-Type", mediaType.rawValue)], body: .bytes(bytes))
    guard response.status == 201 || response.status == 200 else { throw failure(response, name) }
    let digest = contentDigest(of: bytes)
    if let told = response.header("docker-content-digest").flatMap({ Digest($0) }), told.algorithm == .sha256, told != digest {
      throw RegistryError(.verification, "\(name): the registry stored \(told) instead of \(digest)")
    }
  }

  /// Deletes a tag or, by digest, a manifest.
  package func deleteManifest(_ repository: String, _ tagOrDigest: String, named name: String) throws(RegistryError) {
    let response = try send(.delete, "/v2/\(repository)/manifests/\(tagOrDigest)", scopes: [Self.scope(repository, "delete")])
    guard response.status == 202 || response.status == 200 else { throw failure(response, name) }
  }
}
