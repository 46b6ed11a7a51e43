internal import OCIDistributionSpec
package import OCIImageSpec

/// An upload under way (distribution-spec, "Pushing blobs"): where the registry takes it, and how much it has.
private struct Upload {
  var place: String
  var offset: Int64 = 0
  /// Bytes of one request; 0 for all that is left.
  var chunk: Int64
  /// Whether the bytes go out in PATCH requests of their own and the closing PUT has none: a PUT that breaks off cannot be gone on
  /// with, so only what is small goes out in one.
  func isChunked(_ size: Int64) -> Bool { chunk > 0 || size > 1 << 20 }
}

/// What became of an upload.
package enum UploadOutcome: Sendable, Equatable {
  case uploaded
  /// The registry took the blob over from this one of its repositories.
  case mounted(from: String)
}

extension RegistryClient {
  /// Uploads a blob of a known digest and size; first asks the registry to take it over from one of `repositories`.
  ///
  /// It goes in one piece, or in chunks where the options say so. When a request breaks off, the registry is asked
  /// how much it has, and the rest is sent; requests that get nothing across are counted against the retries, others are not.
  package func upload(
    _ repository: String, _ descriptor: Descriptor, _ source: any BodySource, from repositories: [String] = []
  ) throws(RegistryError) -> UploadOutcome {
    let object = "\(host.name)/\(repository): blob \(descriptor.digest)"
    var upload: Upload?
    for other in repositories {
      guard let begun = try mount(repository, descriptor.digest, from: other) else { return .mounted(from: other) }
      upload = begun
    }
    var retry = Retry(options.retry)
    var furthest: Int64 = 0
    while true {
      do throws(RegistryError) {
        if upload == nil { upload = try begin(repository, object) }
        guard var current = upload else { continue }
        let isDone = try advance(&current, repository, descriptor, source, object)
        upload = current
        if isDone { return .uploaded }
      } catch {
        guard error.isOfConnection || error.kind == .busy else { throw error }
        if !retry.again(after: error.retryAfter) { throw RegistryError(error.kind, "\(object): \(error)") }
        upload = try upload.flatMap { (upload) throws(RegistryError) in try resumed(upload, repository, descriptor.size) }
        // The answer to the last request may be all that was lost.
        if upload == nil, try hasBlob(repository, descriptor) { return .uploaded }
      }
      if let offset = upload?.offset, offset > furthest { (furthest, retry) = (offset, Retry(options.retry)) }
    }
  }

  /// Nil where the registry has taken the blob over; else the upload that it has begun instead.
  private func mount(_ repository: String, _ digest: Digest, from source: String) throws(RegistryError) -> Upload? {
    let query = "mount=\(percentEncoded(digest.description))&from=\(percentEncoded(source))"
    let response = try send(
      .post, "/v2/\(repository)/blobs/uploads/?\(query)", scopes: [Self.scope(repository, "pull,push"), Self.scope(source, "pull")])
    if response.status == 201 { return nil }
    // A registry that does not let us read the other repository refuses; then the blob is sent like any other.
    return response.status == 202 ? try place(response, repository) : try begin(repository, "\(host.name)/\(repository): blob \(digest)")
  }

  private func begin(_ repository: String, _ object: String) throws(RegistryError) -> Upload {
    let response = try send(.post, "/v2/\(repository)/blobs/uploads/", scopes: [Self.scope(repository, "pull,push")])
    guard response.status == 202 else { throw failure(response, object) }
    return try place(response, repository)
  }

  private func place(_ response: HTTPResponse, _ repository: String) throws(RegistryError) -> Upload {
    guard let location = response.header("location") else {
      throw RegistryError(.verification, "\(host.name)/\(repository): the registry names no place for the upload")
    }
    let least = response.header("oci-chunk-min-length").flatMap { Int64($0) } ?? 0
    let place = absoluteURL(location, relativeTo: try endpoint() + "/v2/\(repository)/blobs/uploads/")
    return Upload(place: place, chunk: options.chunkSize == 0 ? 0 : max(options.chunkSize, least))
  }

  /// Sends the next chunk, or all, or only the digest where everything has been sent; true when the registry has the blob.
  private func advance(
    _ upload: inout Upload, _ repository: String, _ descriptor: Descriptor, _ source: any BodySource, _ object: String
  ) throws(RegistryError) -> Bool {
    let scopes: Set<String> = [Self.scope(repository, "pull,push")]
    let left = descriptor.size - upload.offset
    let size = upload.chunk > 0 ? min(left, upload.chunk) : left
    let body = HTTPRequest.Body.stream(source, from: upload.offset, size: size)
    var headers = [("Content-Type", "application/octet-stream")]
    if upload.isChunked(descriptor.size), left > 0 {
      headers.append(("Content-Range", "\(upload.offset)-\(upload.offset + size - 1)"))
      let response = try send(.patch, upload.place, scopes: scopes, headers: headers, body: body)
      // The registry has something else than we think: it is asked.
      if response.status == 416 { throw RegistryError(.busy, "the registry does not take the bytes from \(upload.offset) on") }
      guard response.status == 202 else { throw failure(response, object) }
      let offset = received(response) ?? upload.offset + size
      guard offset > upload.offset, offset <= descriptor.size else {
        throw RegistryError(.verification, "\(object): the registry has \(offset) bytes after those from \(upload.offset) on were sent")
      }
      upload.offset = offset
      if let location = response.header("location") { upload.place = absoluteURL(location, relativeTo: upload.place) }
      return false
    }
    let separator = upload.place.contains("?") ? "&" : "?"
    let response = try send(
      .put, "\(upload.place)\(separator)digest=\(percentEncoded(descriptor.digest.description))", scopes: scopes, headers: headers,
      body: left > 0 ? body : .none)
    guard response.status == 201 || response.status == 204 else { throw failure(response, object) }
    return true
  }

  /// The upload as the registry has it; nil where it must be begun again.
  private func resumed(_ upload: Upload, _ repository: String, _ size: Int64) throws(RegistryError) -> Upload? {
    let response = try send(.get, upload.place, scopes: [Self.scope(repository, "pull,push")])
    guard response.status == 204, let offset = received(response), offset <= size else { return nil }
    var resumed = upload
    resumed.offset = offset
    if let location = response.header("location") { resumed.place = absoluteURL(location, relativeTo: upload.place) }
    return resumed
  }

  /// How many bytes the registry says it has (`Range: 0-LAST`); nil where it does not say. `0-0` is what some say when they have none.
  private func received(_ response: HTTPResponse) -> Int64? {
    guard let range = response.header("range").flatMap(rangeBounds), range.lowerBound == 0, range.upperBound > 0 else { return nil }
    return range.upperBound + 1
  }
}
