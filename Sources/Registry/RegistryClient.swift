internal import JSON

/// A client of one registry (distribution-spec 1.1): finds out how it wants to be spoken to, proves who we are, follows redirects, and
/// tries again what failed for a passing reason. Not for use by two threads at once.
package final class RegistryClient {
  package let host: RegistryHost
  private let options: RegistryOptions
  private let settings: HTTPSettings
  private let client: HTTPClient
  private var base: String?
  private var authenticator: Authenticator?
  private let credential: Credential?
  private var warned: Set<String> = []

  package init(_ host: RegistryHost, credentials: CredentialFile, options: RegistryOptions) throws(RegistryError) {
    self.host = host
    self.options = options
    var settings = try HTTPSettings(for: host, certificates: options.certificateAuthorities)
    settings.skipsVerification = options.insecure
    self.settings = settings
    client = try HTTPClient(settings)
    if let given = options.credential { credential = given } else { credential = try credentials.credential(for: host) }
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
        let authenticator = Authenticator(host: host, credential: credential, secure: scheme == "https", client: client)
        if response.status == 401 { authenticator.note(response) }
        self.authenticator = authenticator
        base = candidate
        return candidate
      } catch {
        if error.kind != .transport { throw error.at(host) }
        // What TLS said is the better reason; that nobody listens is the same for both.
        if failure == nil { failure = error }
      }
    }
    throw (failure ?? RegistryError(.transport, "no answer")).at(host)
  }

  /// Sends a request to `path` (or to a whole URL that the registry gave), with authorization for `scopes`.
  package func send(
    _ method: HTTPRequest.Method, _ path: String, scopes: Set<String>, headers: [(String, String)] = [], body: HTTPRequest.Body = .none,
    limit: Int = 4 << 20, sink: (any BodySink)? = nil
  ) throws(RegistryError) -> HTTPResponse {
    var retry = Retry()
    while true {
      do throws(RegistryError) {
        let response = try authorized(method, path, scopes, headers, body, limit, sink)
        guard response.status == 429 || response.status >= 500 else { return response }
        let wait = response.header("retry-after").flatMap { Int($0) }
        let failure = RegistryError(.busy, "\(host.name): \(registryMessage(response) ?? "the registry answered \(response.status)")")
        if !retry.again(after: wait) { throw failure }
      } catch {
        guard error.kind == .transport, sink == nil else { throw error }
        if !retry.again() { throw error.at(host) }
      }
      if case .stream(_, let source) = body {
        do { try source.rewind() } catch { throw RegistryError(.refused, "\(error)") }
      }
    }
  }

  private func authorized(
    _ method: HTTPRequest.Method, _ path: String, _ scopes: Set<String>, _ headers: [(String, String)], _ body: HTTPRequest.Body,
    _ limit: Int, _ sink: (any BodySink)?
  ) throws(RegistryError) -> HTTPResponse {
    let base = try endpoint()
    var request = HTTPRequest(method, path.contains("://") ? path : base + path)
    request.body = body
    request.responseLimit = limit
    for attempt in 0..<2 {
      request.headers = headers.map { (name: $0.0, value: $0.1) }
      let own = splitURL(request.url).authority == splitURL(base).authority
      if own, let authorization = try authenticator?.authorization(scopes) { request.headers.append(("Authorization", authorization)) }
      let response = try followed(request, sink)
      for warning in response.headers("warning") where warned.insert(warning).inserted { options.warn(warning) }
      guard response.status == 401, own, attempt == 0, let authenticator else { return response }
      guard try authenticator.accept(response, scopes: scopes) else { return response }
      if case .stream(_, let source) = body {
        do { try source.rewind() } catch { throw RegistryError(.refused, "\(error)") }
      }
    }
    throw RegistryError(.unauthorized, "\(host.name): the registry refuses the credential")
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
      let (from, to) = (splitURL(request.url), splitURL(target))
      guard to.scheme == "https" || (to.scheme == "http" && from.scheme == "http") else {
        throw RegistryError(.refused, "\(host.name): redirects to '\(target)', which is refused: not https")
      }
      if to.authority != from.authority {
        request.headers.removeAll { $0.name == "Authorization" }
        var plain = HTTPSettings()
        plain.skipsVerification = settings.skipsVerification
        plain.certificateAuthorities = settings.certificateAuthorities
        client = try HTTPClient(plain)
      }
      request.url = target
    }
    throw RegistryError(.refused, "\(host.name): redirects in a circle")
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

/// A `Location`, which may be relative (RFC 3986 section 5), against the URL of the request.
func absoluteURL(_ location: String, relativeTo url: String) -> String {
  if location.contains("://") { return location }
  let (scheme, authority) = splitURL(url)
  if location.hasPrefix("//") { return scheme + ":" + location }
  if location.hasPrefix("/") { return "\(scheme)://\(authority)\(location)" }
  let directory = url.prefix { $0 != "?" }.split(separator: "/", omittingEmptySubsequences: false).dropLast().joined(separator: "/")
  return directory + "/" + location
}
