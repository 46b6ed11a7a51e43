internal import JSON
internal import Linux
internal import SystemPackage

/// A program `docker-credential-NAME` that keeps credentials: a verb as its argument, JSON or a server's name on its standard input
/// (docker-credential-helpers' protocol). Secrets go through descriptors only.
struct CredentialHelper {
  let program: String

  init(_ name: String) { program = "docker-credential-" + name }

  /// Nil where the helper has none for the server.
  func get(_ server: String) throws(RegistryError) -> Credential? {
    let (output, status) = try run("get", Array(server.utf8))
    let text = String(decoding: output, as: UTF8.self).trimming { $0 == "\n" || $0 == " " }
    if status != .exited(0) {
      if text.contains("credentials not found") { return nil }
      throw RegistryError(.refused, "\(program) get: \(text)")
    }
    let document: JSONValue
    do { document = try JSONValue(parsing: output) } catch { throw RegistryError(.refused, "\(program) get: \(error)") }
    guard let user = document["Username"]?.stringValue, let secret = document["Secret"]?.stringValue else { return nil }
    return user == "<token>" ? .identityToken(secret) : .password(user: user, password: secret)
  }

  func store(_ credential: Credential, _ server: String) throws(RegistryError) {
    var document = JSONObject()
    document["ServerURL"] = .string(server)
    switch credential {
    case .password(let user, let password):
      document["Username"] = .string(user)
      document["Secret"] = .string(password)
    case .identityToken(let token):
      document["Username"] = .string("<token>")
      document["Secret"] = .string(token)
    }
    let (output, status) = try run("store", JSONValue.object(document).serialized())
    if status != .exited(0) { throw RegistryError(.refused, "\(program) store: \(String(decoding: output, as: UTF8.self))") }
  }

  func erase(_ server: String) throws(RegistryError) {
    _ = try run("erase", Array(server.utf8))
  }

  private func run(_ verb: String, _ input: [UInt8]) throws(RegistryError) -> (output: [UInt8], status: ExitStatus) {
    do {
      // A file in memory, not a pipe: a helper that ends without reading would have us killed for writing.
      let given = try makeMemoryFile("credential")
      try given.writeAll(input)
      try given.rewind()
      let fromChild = try Pipe()
      let child = try SpawnedCommand(
        try toolPath(program), [program, verb], input: .descriptor(given.rawValue),
        output: .descriptor(fromChild.writer.rawValue))
      let reader = fromChild.keepReader()
      let output = try reader.readAll(limit: 1 << 20)
      return (output, try child.wait())
    } catch { throw RegistryError(.refused, "credential helper '\(program)': \(error)") }
  }
}
