internal import ContentHash
internal import JSON
internal import OCIDistributionSpec
package import OCIImageSpec

// What refers to a manifest by its `subject`: signatures, SBOMs (distribution-spec, "Listing Referrers"). A registry that does not
// list them has them in an index under a tag made from the digest (the "Referrers Tag Schema"), which clients keep.

extension RegistryClient {
  /// The manifests of a repository whose subject is `digest`; only those of one type where that is given.
  package func referrers(
    _ repository: String, _ digest: Digest, artifactType: MediaType? = nil, named name: String
  ) throws(RegistryError) -> [Descriptor] {
    let query = artifactType.map { "?artifactType=" + percentEncoded($0.rawValue) } ?? ""
    var next: String? = "/v2/\(repository)/referrers/\(digest)\(query)"
    var found: [Descriptor] = []
    var visited: Set<String> = []
    while let page = next {
      guard visited.insert(page).inserted, visited.count <= 1000 else {
        throw RegistryError(.refused, "\(name): the registry's pages lead in a circle")
      }
      let response = try send(
        .get, page, scopes: [Self.scope(repository, "pull")], headers: [("Accept", MediaType.imageIndex.rawValue)])
      // A registry without the API may answer anything but an index; what refers to what is then under the tag.
      guard response.status == 200, let index = try? decodeJSON(ImageIndex.self, from: response.body) else {
        if response.status == 401 || response.status == 403 { throw failure(response, name) }
        found = try taggedReferrers(repository, digest, named: name)
        break
      }
      found += index.manifests
      next = response.header("link").flatMap { nextPage($0, after: page) }
    }
    // Filtering is the registry's to offer (OCI-Filters-Applied), not to be relied on.
    return found.filter { artifactType == nil || $0.artifactType == artifactType }
  }

  private static func referrersTag(_ digest: Digest) -> String { "\(digest.algorithm.rawValue)-\(digest.encoded.prefix(64))" }

  private func taggedReferrers(_ repository: String, _ digest: Digest, named name: String) throws(RegistryError) -> [Descriptor] {
    do {
      let remote = try manifest(repository, Self.referrersTag(digest), named: name)
      return (try? decodeJSON(ImageIndex.self, from: remote.bytes))?.manifests ?? []
    } catch {
      if error.kind == .notFound { return [] }
      throw error
    }
  }

  /// Adds a manifest to the index under the tag, for a registry that has not said that it knows the subject.
  func addReferrer(_ repository: String, _ referrer: Descriptor, to subject: Digest, named name: String) throws(RegistryError) {
    var referrers = try taggedReferrers(repository, subject, named: name)
    if referrers.contains(where: { $0.digest == referrer.digest }) { return }
    referrers.append(referrer)
    let bytes: [UInt8]
    do { bytes = try encodeJSON(ImageIndex(manifests: referrers)) } catch { throw RegistryError(.refused, "\(name): \(error)") }
    _ = try putManifest(bytes, .imageIndex, repository: repository, Self.referrersTag(subject), named: name)
  }
}

extension RemoteRepository {
  /// Manifests that refer to one, with what they say of themselves.
  package func referrers(to digest: Digest, artifactType: MediaType? = nil) throws(RegistryError) -> [Descriptor] {
    try client.referrers(path, digest, artifactType: artifactType, named: name)
  }

  /// Puts a manifest or index, under `tag` where there is one, and has it found from its subject.
  package func put(_ bytes: [UInt8], _ mediaType: MediaType, tag: String?) throws(RegistryError) {
    let digest = contentDigest(of: bytes)
    let knowsSubject = try client.putManifest(bytes, mediaType, repository: path, tag ?? digest.description, named: name)
    guard let document = try? JSONValue(parsing: bytes), let subject = document["subject"]?["digest"]?.stringValue.flatMap({ Digest($0) }),
      !knowsSubject
    else { return }
    var referrer = Descriptor(mediaType: mediaType, digest: digest, size: Int64(bytes.count))
    let type = document["artifactType"]?.stringValue ?? document["config"]?["mediaType"]?.stringValue
    referrer.artifactType = type.map { MediaType(rawValue: $0) }
    referrer.annotations = document["annotations"]?.objectValue.map { object in
      var annotations: [String: String] = [:]
      for (key, value) in object { annotations[key] = value.stringValue }
      return annotations
    }
    try client.addReferrer(path, referrer, to: subject, named: name)
  }
}
