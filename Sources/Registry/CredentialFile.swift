internal import JSON
internal import Linux
package import SystemPackage

/// docker's `config.json`: credentials by registry, and the programs that keep them (`credsStore`, `credHelpers`).
/// Properties that are not ours survive.
package struct CredentialFile: Sendable {
  package let path: FilePath
  private var document: JSONValue

  /// `$DOCKER_CONFIG/config.json`, else `$HOME/.docker/config.json`; `$REGISTRY_AUTH_FILE` where that is set (Podman's).
  package static var defaultPath: FilePath {
    if let file = Environment["REGISTRY_AUTH_FILE"] { return FilePath(file) }
    if let directory = Environment["DOCKER_CONFIG"] { return FilePath(directory).appending("config.json") }
    return FilePath(Environment["HOME"] ?? "/root").appending(".docker/config.json")
  }

  /// A file that is missing or empty holds nothing.
  package init(_ path: FilePath = defaultPath) throws(RegistryError) {
    self.path = path
    let bytes: [UInt8]
    do { bytes = try readFile(path, limit: 4 << 20) } catch {
      guard error.errno == .noSuchFileOrDirectory || error.errno == .notDirectory else { throw RegistryError(.refused, "\(error)") }
      document = .object(JSONObject())
      return
    }
    if bytes.allSatisfy({ $0 == 10 || $0 == 32 }) {
      document = .object(JSONObject())
      return
    }
    do { document = try JSONValue(parsing: bytes) } catch { throw RegistryError(.refused, "'\(path)': \(error)") }
    guard document.objectValue != nil else { throw RegistryError(.refused, "'\(path)': not a JSON object") }
  }

  /// The credential for a repository of a registry: from the registry's helper, from the store of all, or from the file itself, where
  /// one for the beginning of the path goes before that of the whole registry (containers-auth.json(5)).
  package func credential(for host: RegistryHost, path: String = "") throws(RegistryError) -> Credential? {
    if let helper = helper(for: host), let credential = try CredentialHelper(helper).get(host.credentialKey) { return credential }
    guard let auths = document["auths"]?.objectValue else { return nil }
    var parts = path.split(separator: "/")
    while !parts.isEmpty {
      let key = host.name + "/" + parts.joined(separator: "/")
      if let entry = auths[key], let credential = try read(entry, key) { return credential }
      parts.removeLast()
    }
    let wanted = [host.credentialKey, host.name, host.address]
    for (key, entry) in auths where wanted.contains(where: { $0 == key || Self.bare($0) == Self.bare(key) }) {
      if let credential = try read(entry, key) { return credential }
    }
    return nil
  }

  /// Puts a credential in and writes the file, readable by its owner alone.
  package mutating func store(_ credential: Credential, for host: RegistryHost) throws(RegistryError) {
    if let helper = helper(for: host) {
      try CredentialHelper(helper).store(credential, host.credentialKey)
      document["auths"] = with(document["auths"], host.credentialKey, .object(JSONObject()))
    } else {
      var entry = JSONValue.object(JSONObject())
      switch credential {
      case .password(let user, let password):
        entry["auth"] = .string(Base64Bytes(Array("\(user):\(password)".utf8)).base64)
      case .identityToken(let token):
        entry["auth"] = .string(Base64Bytes(Array("<token>:".utf8)).base64)
        entry["identitytoken"] = .string(token)
      }
      document["auths"] = with(document["auths"], host.credentialKey, entry)
    }
    try write()
  }

  /// Takes a credential out; false where there was none.
  package mutating func erase(_ host: RegistryHost) throws(RegistryError) -> Bool {
    if let helper = helper(for: host) { try CredentialHelper(helper).erase(host.credentialKey) }
    guard let auths = document["auths"]?.objectValue else { return false }
    var kept = JSONObject()
    var found = false
    for (key, entry) in auths {
      if Self.bare(key) == Self.bare(host.credentialKey) || Self.bare(key) == host.name { found = true } else { kept[key] = entry }
    }
    guard found else { return false }
    document["auths"] = .object(kept)
    try write()
    return true
  }

  private func helper(for host: RegistryHost) -> String? {
    document["credHelpers"]?[host.name]?.stringValue ?? document["credHelpers"]?[host.credentialKey]?.stringValue
      ?? document["credsStore"]?.stringValue
  }

  private func with(_ object: JSONValue?, _ key: String, _ value: JSONValue) -> JSONValue {
    var object = object ?? .object(JSONObject())
    object[key] = value
    return object
  }

  private func read(_ entry: JSONValue, _ key: String) throws(RegistryError) -> Credential? {
    if let token = entry["identitytoken"]?.stringValue, !token.isEmpty { return .identityToken(token) }
    if let user = entry["username"]?.stringValue, let password = entry["password"]?.stringValue {
      return .password(user: user, password: password)
    }
    guard let encoded = entry["auth"]?.stringValue, !encoded.isEmpty else { return nil }
    guard let bytes = Base64Bytes(base64: encoded)?.bytes, let colon = bytes.firstIndex(of: UInt8(ascii: ":")) else {
      throw RegistryError(.refused, "'\(path)': auths[\"\(key)\"].auth is not base64 of user:password")
    }
    let password = bytes[(colon + 1)...].prefix { $0 != 0 }
    return .password(user: String(decoding: bytes[..<colon], as: UTF8.self), password: String(decoding: password, as: UTF8.self))
  }

  /// A key without scheme and path: old files have `https://HOST/v1/`.
  private static func bare(_ key: String) -> String {
    var rest = Substring(key)
    for scheme in ["https://", "http://"] where rest.hasPrefix(scheme) { rest = rest.dropFirst(scheme.count) }
    return String(rest.prefix { $0 != "/" })
  }

  private func write() throws(RegistryError) {
    do {
      let directory = path.removingLastComponent()
      if !directory.isEmpty { try makeDirectories(directory, mode: 0o700) }
      try replaceFile(path, with: document.serialized(pretty: true) + [10], mode: 0o600)
    } catch { throw RegistryError(.refused, "cannot write '\(path)': \(error.errno)") }
  }
}
