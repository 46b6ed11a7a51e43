package import SystemPackage

/// How connections to one host are made.
package struct HTTPSettings: Sendable, Hashable {
  /// Certificate authorities in PEM form instead of libcurl's own bundle; nil for that one.
  package var certificateAuthorities: [UInt8]?
  /// `certs.d/HOST/client.cert` and `client.key`.
  package var clientCertificate: FilePath?
  package var clientKey: FilePath?
  /// Certificates are not checked (`--tls-verify=false`).
  package var skipsVerification = false
  /// Seconds until a connection must stand.
  package var connectTimeout = 15
  /// Seconds without a byte after which a transfer counts as stalled.
  package var stallTimeout = 60

  package init() {}
}
