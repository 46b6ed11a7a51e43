/// A registry as a reference names it, and where it really is.
package struct RegistryHost: Hashable, Sendable {
  /// As references have it: `docker.io`, `127.0.0.1:5000`, `[::1]:5000`.
  package let name: String

  package init(_ name: String) { self.name = name }

  /// The host that answers for `docker.io`.
  var address: String { name == "docker.io" ? "registry-1.docker.io" : name }

  /// The key of docker's `config.json`.
  package var credentialKey: String { name == "docker.io" ? "https://index.docker.io/v1/" : name }

  /// The name or address without a port and brackets.
  var hostname: String { Self.hostname(of: address) }

  /// Whether this machine itself is meant: plain HTTP is then nobody else's to read.
  package var isLoopback: Bool { Self.isLoopback(hostname) }

  static func hostname(of authority: String) -> String {
    if authority.hasPrefix("["), let end = authority.firstIndex(of: "]") {
      return String(authority[authority.index(after: authority.startIndex)..<end])
    }
    return String(authority.prefix { $0 != ":" })
  }

  static func isLoopback(_ hostname: String) -> Bool {
    if hostname == "localhost" || hostname == "::1" { return true }
    let octets = hostname.split(separator: ".", omittingEmptySubsequences: false).map { UInt8($0) }
    return octets.count == 4 && octets.allSatisfy { $0 != nil } && octets[0] == 127
  }
}
