/// What went wrong between us and a registry. `description` is one line that names what the user typed and what the registry said.
package struct RegistryError: Error, CustomStringConvertible {
  package enum Kind: Sendable, Equatable {
    /// The network or TLS failed; the same request may succeed later.
    case transport
    /// Nobody takes a connection there.
    case unreachable
    /// The registry asks for a credential that it accepts.
    case unauthorized
    case notFound
    /// 429 or 5xx: later.
    case busy
    /// Bytes that are not what their digest, size or type says.
    case verification
    /// What a person has to change: a name, a flag, a file.
    case refused
    /// This machine: a file that cannot be read or written.
    case local
  }

  package let kind: Kind
  package let description: String
  /// Seconds after which the registry wants to be asked again.
  let retryAfter: Double?

  package init(_ kind: Kind, _ description: String, retryAfter: Double? = nil) {
    self.kind = kind
    self.description = description
    self.retryAfter = retryAfter
  }

  /// The same, named by the registry it happened with, once.
  func at(_ host: RegistryHost) -> RegistryError {
    kind == .local || description.hasPrefix(host.name) ? self : RegistryError(kind, "\(host.name): \(description)", retryAfter: retryAfter)
  }

  /// Whether the connection failed and not what was said over it.
  var isOfConnection: Bool { kind == .transport || kind == .unreachable }
}
