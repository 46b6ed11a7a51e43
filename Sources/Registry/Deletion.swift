package import OCIImageSpec

extension RegistryClient {
  /// Deletes a manifest, and with it every tag that it has.
  package func deleteManifest(_ repository: String, _ digest: Digest, named name: String) throws(RegistryError) {
    let response = try delete(repository, digest.description)
    if response.status == 405 {
      throw RegistryError(
        .refused, "\(name): \(registryMessage(response) ?? "the registry answered 405") (the registry may not allow deletion)")
    }
    guard response.status == 202 || response.status == 200 else { throw failure(response, name) }
  }

  /// Takes a tag away and leaves its manifest; false where the registry cannot do that.
  package func deleteTag(_ repository: String, _ tag: String, named name: String) throws(RegistryError) -> Bool {
    // What is not there is told from what cannot be done.
    _ = try manifestDigest(repository, tag, named: name)
    let response = try delete(repository, tag)
    switch response.status {
    case 200, 202: return true
    case 401, 403: throw failure(response, name)
    default: return false
    }
  }

  private func delete(_ repository: String, _ tagOrDigest: String) throws(RegistryError) -> HTTPResponse {
    try send(.delete, "/v2/\(repository)/manifests/\(tagOrDigest)", scopes: [Self.scope(repository, "pull,delete")])
  }
}
