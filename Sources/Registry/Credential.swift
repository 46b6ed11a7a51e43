/// What a person proves to a registry. Never printed: the description says only of what kind it is.
package enum Credential: Hashable, Sendable, CustomStringConvertible {
  case password(user: String, password: String)
  /// A refresh token for the token server (docker's `identitytoken`).
  case identityToken(String)

  package var description: String {
    switch self {
    case .password(let user, _): "password of '\(user)'"
    case .identityToken: "identity token"
    }
  }
}
