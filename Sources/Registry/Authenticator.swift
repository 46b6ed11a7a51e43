internal import JSON
internal import Linux
internal import OCIDistributionSpec

/// Answers a registry's challenges: basic, or a bearer token fetched from the realm that the challenge names
/// (distribution's token specification, and its OAuth2 form for identity tokens). Tokens are kept by service and scope.
///
/// A credential goes to the registry it is for and to the token server that this registry names; never further.
///
/// All connections to a registry share one: whoever needs a token that another is fetching waits for it.
final class Authenticator: Sendable {
  private struct State {
    var challenge: Challenge?
    var tokens: [Set<String>: String] = [:]
  }

  private let host: RegistryHost
  private let credential: Credential?
  private let secure: Bool
  private let state = Monitored(State())

  init(host: RegistryHost, credential: Credential?, secure: Bool) {
    self.host = host
    self.credential = credential
    self.secure = secure
  }

  /// The value of `Authorization` for a request in these scopes, as far as is known before the registry was asked. A token is
  /// fetched through `client`.
  func authorization(_ scopes: Set<String>, _ client: HTTPClient) throws(RegistryError) -> String? {
    try alone { (state) throws(RegistryError) in
      guard let challenge = state.challenge else { return nil }
      guard challenge.scheme == "bearer" else { return basic }
      if state.tokens[scopes] == nil { state.tokens[scopes] = try fetchToken(challenge, scopes, client) }
      return state.tokens[scopes].map { "Bearer " + $0 }
    }
  }

  /// Remembers what the registry wants from its answer to a request without a credential.
  func note(_ response: HTTPResponse) {
    let offered = response.headers("www-authenticate").flatMap(Challenge.parse)
    let challenge = offered.first { $0.scheme == "bearer" } ?? offered.first { $0.scheme == "basic" && basic != nil }
    state.withLock { $0.challenge = challenge }
  }

  /// Takes the challenges of a 401 answer to a request with `authorization`; true where it is worth sending again.
  func accept(
    _ response: HTTPResponse, to authorization: String?, scopes: Set<String>, _ client: HTTPClient
  ) throws(RegistryError) -> Bool {
    let offered = response.headers("www-authenticate").flatMap(Challenge.parse)
    return try alone { (state) throws(RegistryError) in
      if let bearer = offered.first(where: { $0.scheme == "bearer" }) {
        state.challenge = bearer
        // The token has expired, or does not suffice; another thread may have a new one already. One is fetched a request.
        if let known = state.tokens[scopes], "Bearer " + known != authorization { return true }
        state.tokens[scopes] = try fetchToken(bearer, scopes, client)
        return true
      }
      guard offered.contains(where: { $0.scheme == "basic" }), basic != nil, authorization == nil else { return false }
      state.challenge = Challenge(scheme: "basic")
      return true
    }
  }

  private func alone<Value>(_ body: (inout State) throws(RegistryError) -> Value) throws(RegistryError) -> Value {
    try state.withLock { state in Result { () throws(RegistryError) in try body(&state) } }.get()
  }

  private var basic: String? {
    guard case .password(let user, let password)? = credential else { return nil }
    return "Basic " + Base64Bytes(Array("\(user):\(password)".utf8)).base64
  }

  private func fetchToken(_ challenge: Challenge, _ scopes: Set<String>, _ client: HTTPClient) throws(RegistryError) -> String {
    guard let realm = challenge.parameters["realm"] else {
      throw RegistryError(.unauthorized, "\(host.name): the registry's challenge names no token server")
    }
    try checkRealm(realm)
    let wanted = scopes.isEmpty ? challenge.parameters["scope"].map { [$0] } ?? [] : scopes.sorted()
    let request = tokenRequest(realm, service: challenge.parameters["service"], wanted)
    let response = try client.perform(request)
    guard response.status == 200 else {
      let kind: RegistryError.Kind = response.status == 401 || response.status == 403 ? .unauthorized : .busy
      throw RegistryError(kind, "\(host.name): \(registryMessage(response) ?? "the token server answered \(response.status)")")
    }
    guard let document = try? JSONValue(parsing: response.body),
      let token = (document["token"] ?? document["access_token"])?.stringValue, !token.isEmpty
    else { throw RegistryError(.unauthorized, "\(host.name): the token server '\(realm)' gave no token") }
    return token
  }

  private func tokenRequest(_ realm: String, service: String?, _ scopes: [String]) -> HTTPRequest {
    if case .identityToken(let token)? = credential {
      var fields = [
        ("grant_type", "refresh_token"), ("refresh_token", token), ("client_id", "tote"), ("scope", scopes.joined(separator: " ")),
      ]
      if let service { fields.append(("service", service)) }
      var request = HTTPRequest(.post, realm)
      request.headers.append(("Content-Type", "application/x-www-form-urlencoded"))
      request.body = .bytes(Array(formEncoded(fields).utf8))
      request.responseLimit = 1 << 20
      return request
    }
    var fields = scopes.map { ("scope", $0) }
    if let service { fields.insert(("service", service), at: 0) }
    if case .password(let user, _)? = credential { fields.insert(("account", user), at: 0) }
    var request = HTTPRequest(.get, realm + (realm.contains("?") ? "&" : "?") + formEncoded(fields))
    if let basic { request.headers.append(("Authorization", basic)) }
    request.responseLimit = 1 << 20
    return request
  }

  /// A registry may not send our credential, or us, to a place that only we can reach: plain HTTP where it was itself asked by
  /// HTTPS, and private or link-local addresses other than its own (server-side request forgery).
  private func checkRealm(_ realm: String) throws(RegistryError) {
    let (scheme, authority) = splitURL(realm)
    let name = RegistryHost.hostname(of: authority)
    let refusal = "\(host.name): the registry names the token server '\(realm)', which is refused: "
    guard scheme == "https" || (scheme == "http" && !secure) else { throw RegistryError(.refused, refusal + "not https") }
    if name != host.hostname, isPrivateAddress(name), !host.isLoopback {
      throw RegistryError(.refused, refusal + "a private address")
    }
  }
}

/// Whether `name` is an address literal of a private, loopback or link-local network (RFC 6890).
func isPrivateAddress(_ name: String) -> Bool {
  if RegistryHost.isLoopback(name) { return true }
  let lower = name.lowercased()
  if lower.contains(":") { return ["::", "fe80:", "fc", "fd"].contains { lower.hasPrefix($0) } }
  let octets = name.split(separator: ".", omittingEmptySubsequences: false).compactMap { UInt8($0) }
  guard octets.count == 4, name.split(separator: ".").count == 4 else { return false }
  return switch (octets[0], octets[1]) {
  case (0, _), (10, _), (127, _), (169, 254), (172, 16...31), (192, 168), (100, 64...127): true
  default: false
  }
}

/// What a registry says in an error's body (distribution-spec, "Error codes"): `CODE: message`.
func registryMessage(_ response: HTTPResponse) -> String? {
  guard let document = try? JSONValue(parsing: response.body) else { return nil }
  guard let error = document["errors"]?[0] else { return document["details"]?.stringValue ?? document["message"]?.stringValue }
  let code = error["code"]?.stringValue
  let message = error["message"]?.stringValue
  return [code, message].compactMap { $0 }.joined(separator: ": ")
}
