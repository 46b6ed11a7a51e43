package import SystemPackage

/// What a person says about every registry of one run.
package struct RegistryOptions: Sendable {
  /// Certificates are not checked, and plain HTTP is spoken to a registry that does not speak TLS (`--tls-verify=false`).
  package var insecure = false
  /// HTTP without trying TLS first (`--plain-http`).
  package var plainHTTP = false
  /// Further certificate authorities (`--ca-file`).
  package var certificateAuthorities: [FilePath] = []
  /// Instead of the one of docker's `config.json` (`--creds`).
  package var credential: Credential?
  /// Warnings that a registry sends along (distribution-spec, "Warnings").
  package var warn: @Sendable (String) -> Void = { _ in }

  package init() {}
}
