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
  package var retry = RetryPolicy()
  /// Seconds without a byte after which a connection counts as stalled.
  package var stallTimeout = 60
  /// Bytes of one request of an upload at most; 0 for all in one.
  package var chunkSize: Int64 = 0
  /// Warnings that a registry sends along (distribution-spec, "Warnings").
  package var warn: @Sendable (String) -> Void = { _ in }

  package init() {}
}
