package import OCIImageSpec

extension RegistryClient {
  package func hasBlob(_ repository: String, _ descriptor: Descriptor) throws(RegistryError) -> Bool {
    let response = try send(.head, "/v2/\(repository)/blobs/\(descriptor.digest)", scopes: [Self.scope(repository, "pull,push")])
    switch response.status {
    case 200: return true
    case 404: return false
    default: throw failure(response, "\(host.name)/\(repository): layer \(descriptor.digest)")
    }
  }

  /// Fetches a blob into `sink`, from `offset` on where the registry can (`Range`, RFC 9110 section 14.2). The sink learns from the
  /// status whether it gets the rest (206) or everything (200).
  package func blob(_ repository: String, _ descriptor: Descriptor, from offset: Int64 = 0, into sink: any BodySink) throws(RegistryError) {
    let object = "\(host.name)/\(repository): blob \(descriptor.digest)"
    let response = try send(
      .get, "/v2/\(repository)/blobs/\(descriptor.digest)", scopes: [Self.scope(repository, "pull")],
      headers: offset > 0 ? [("Range", "bytes=\(offset)-")] : [], limit: 64 << 10, sink: sink)
    guard response.status == 200 || response.status == 206 else { throw failure(response, object) }
  }
}

extension RegistryClient {
  /// Fetches a blob over as many connections as it takes: what has come is kept, and the rest is asked for. Connections that bring
  /// next to nothing are counted against the retries, others are not.
  package func download(
    _ repository: String, _ descriptor: Descriptor, into sink: any BodySink, received: () -> Int64
  ) throws(RegistryError) {
    var retry = Retry(options.retry)
    while true {
      let before = received()
      do throws(RegistryError) {
        try blob(repository, descriptor, from: before, into: sink)
        if received() >= descriptor.size { return }
        throw RegistryError(.transport, "the connection ended \(descriptor.size - received()) bytes early")
      } catch {
        guard error.isOfConnection else { throw error }
        if received() - before >= 64 << 10 { retry = Retry(options.retry) }
        if !retry.again() { throw RegistryError(error.kind, "\(host.name)/\(repository): blob \(descriptor.digest): \(error)") }
      }
    }
  }
}
