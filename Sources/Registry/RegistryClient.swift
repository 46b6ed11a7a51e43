internal import JSON
internal import Linux
internal import OCIDistributionSpec

/// A client of one registry (distribution-spec 1.1): finds out how it wants to be spoken to, proves who we are, follows redirects, and
/// tries again what failed for a passing reason. Not for use by two threads at once: each takes a ``sibling()``.
package final class RegistryClient: @unchecked Sendable {
  package let host: RegistryHost
  let options: RegistryOptions
  private let settings: HTTPSettings
  private let client: HTTPClient
  private var base: String?
  private var authenticator: Authenticator?
  private let credential: Credential?
  private let warned: Monitored<Set<String>>
  /// The connection to whatever other host reads were last redirected to.
  private var elsewhere: (authority: String, client: HTTPClient)?

  /// - Parameter path: the repository, where its credential may be one of its own.
  package init(
    _ host: RegistryHost, path: String = "", credentials: CredentialFile, options: RegistryOptions
  ) throws(RegistryError) {
    self.host = host
    self.options = options
    var settings = try HTTPSettings(for: host, certificates: options.certificateAuthorities)
    settings.skipsVerification = options.insecure
    settings.stallTimeout = options.stallTimeout
    self.settings = settings
    warned = Monitored([])
    client = try HTTPClient(settings)
    if let given = options.credential { credential = given } else { credential = try credentials.credential(for: host, path: path) }
  }

  private init(sharing other: RegistryClient) throws(RegistryError) {
    host = other.host
    options = other.options
    settings = other.settings
    client = try HTTPClient(settings)
    credential = other.credential
    warned = other.warned
    base = other.base
    authenticator = other.authenticator
  }

  /// Another connection to the same registry, for another thread. What has been found out and the tokens are shared.
  package func sibling() throws(RegistryError) -> RegistryClient {
    var retry = Retry(options.retry)
    while true {
      do throws(RegistryError) {
        _ = try endpoint()
        return try RegistryClient(sharing: self)
      } catch { guard error.kind == .transport, retry.again() else { throw error } }
    }
  }

  /// `https://host`, or `http://host` where plain HTTP is allowed and TLS is not spoken.
  func endpoint() throws(RegistryError) -> String {
    if let base { return base }
    let plainAllowed = options.plainHTTP || options.insecure || host.isLoopback
    var schemes = ["https"]
    if plainAllowed { schemes = options.plainHTTP ? ["http"] : ["https", "http"] }
    var failure: RegistryError?
    for scheme in schemes {
      let candidate = "\(scheme)://\(host.address)"
      do {
        let response = try client.perform(HTTPRequest(.get, candidate + "/v2/"))
        let authenticator = Authenticator(host: host, credential: credential, secure: scheme == "https")
        if response.status == 401 { authenticator.note(response) }
        self.authenticator = authenticator
        base = candidate
        return candidate
      } catch {
        if !error.isOfConnection { throw error.at(host) }
        // What TLS said is the better reason; that nobody listens is the same for both.
        if failure == nil { failure = error }
      }
    }
    throw (failure ?? RegistryError(.transport, "no answer")).at(host)
  }

  /// Sends a request to `path` (or to a whole URL that the registry gave), with authorization for `scopes`.
  ///
  /// It is sent again when the registry says later, and when the connection fails. An upload and a download that has begun are not:
  /// whoever sends those knows where to go on.
  package func send(
    _ method: HTTPRequest.Method, _ path: String, scopes: Set<String>, headers: [(String, String)] = [], body: HTTPRequest.Body = .none,
    limit: Int = 4 << 20, sink: (any BodySink)? = nil
  ) throws(RegistryError) -> HTTPResponse {
    var retry = Retry(options.retry)
    while true {
      do throws(RegistryError) {
        let response = try authorized(method, path, scopes, headers, body, limit, sink)
        guard response.status == 429 || response.status >= 500 else { return response }
        let said = registryMessage(response) ?? "the registry answered \(response.status)"
        throw RegistryError(.busy, "\(host.name): \(said)", retryAfter: response.retryAfter)
      } catch {
        // That nobody answers at all will not change while we wait; that nobody answers any more may.
        let passing = error.kind == .busy || (sink == nil && (error.kind == .transport || (error.kind == .unreachable && base != nil)))
        guard passing, !body.isStream, retry.again(after: error.retryAfter) else { throw error.at(host) }
      }
    }
  }

  private func authorized(
    _ method: HTTPRequest.Method, _ path: String, _ scopes: Set<String>, _ headers: [(String, String)], _ body: HTTPRequest.Body,
    _ limit: Int, _ sink: (any BodySink)?
  ) throws(RegistryError) -> HTTPResponse {
    let base = try endpoint()
    var request = HTTPRequest(method, path.contains("://") ? path : base + path)
    try checkTransport(request.url, from: base)
    request.body = body
    request.responseLimit = limit
    for attempt in 0..<2 {
      request.headers = headers.map { (name: $0.0, value: $0.1) }
      // The scheme counts: what was proven over TLS is not said in the clear.
      let own = splitURL(request.url) == splitURL(base)
      let authorization = own ? try authenticator?.authorization(scopes, client) : nil
      if let authorization { request.headers.append(("Authorization", authorization)) }
      let response = try followed(request, sink)
      for warning in response.headers("warning") where warned.withLock({ $0.insert(warning).inserted }) {
        options.warn(warningText(warning))
      }
      guard response.status == 401, own, attempt == 0, let authenticator else { return response }
      guard try authenticator.accept(response, to: authorization, scopes: scopes, client) else { return response }
    }
    throw RegistryError(.unauthorized, "\(host.name): the registry refuses the credential")
  }

  /// Whoever is spoken to over TLS may not have us go on without.
  private func checkTransport(_ target: String, from base: String) throws(RegistryError) {
    let (from, to) = (splitURL(base), splitURL(target))
    guard to.scheme == "https" || (to.scheme == "http" && from.scheme == "http") else {
      throw RegistryError(.refused, "\(host.name): redirects to '\(target)', which is refused: not https")
    }
  }

  /// Follows redirects of reads. Another host gets neither our credential nor our client certificate.
  private func followed(_ first: HTTPRequest, _ sink: (any BodySink)?) throws(RegistryError) -> HTTPResponse {
    var request = first
    var client = self.client
    for _ in 0..<8 {
      let response = try client.perform(request, sink: sink)
      guard [301, 302, 303, 307, 308].contains(response.status), first.method == .get || first.method == .head,
        let location = response.header("location")
      else { return response }
      let target = absoluteURL(location, relativeTo: request.url)
      try checkTransport(target, from: request.url)
      if splitURL(target) != splitURL(request.url) {
        request.headers.removeAll { $0.name == "Authorization" }
        client = try foreignClient(splitURL(target).authority)
      }
      request.url = target
    }
    throw RegistryError(.refused, "\(host.name): redirects in a circle")
  }

  private func foreignClient(_ authority: String) throws(RegistryError) -> HTTPClient {
    if let elsewhere, elsewhere.authority == authority { return elsewhere.client }
    var plain = settings
    plain.clientCertificate = nil
    plain.clientKey = nil
    let client = try HTTPClient(plain)
    elsewhere = (authority, client)
    return client
  }

  /// The error that an answer means, naming `object` as the user typed it.
  func failure(_ response: HTTPResponse, _ object: String) -> RegistryError {
    let said = registryMessage(response) ?? "the registry answered \(response.status)"
    switch response.status {
    case 401: return RegistryError(.unauthorized, "\(object): \(said) (is 'ociship login \(host.name)' needed?)")
    case 403: return RegistryError(.unauthorized, "\(object): \(said)")
    case 404: return RegistryError(.notFound, "\(object): \(said)")
    default: return RegistryError(.refused, "\(object): \(said)")
    }
  }

  /// Asks the registry whether the credential holds: what `login` does.
  package func authenticate() throws(RegistryError) {
    _ = try endpoint()
    let response = try send(.get, "/v2/", scopes: [])
    guard response.status == 200 else { throw failure(response, host.name) }
  }
}
