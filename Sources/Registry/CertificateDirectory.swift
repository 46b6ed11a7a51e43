internal import Linux
package import SystemPackage

extension HTTPSettings {
  /// The settings for a registry as docker keeps them (dockerd's "Verify repository client with certificates"): below
  /// `certs.d/HOST:PORT/`, each `*.crt` is an authority besides the system's, `client.cert` and `client.key` are ours.
  /// `extra` are further files of authorities (`--ca-file`).
  package init(for host: RegistryHost, certificates extra: [FilePath] = [], directories: [FilePath] = Self.defaultDirectories)
    throws(RegistryError)
  {
    self.init()
    var authorities = extra
    for directory in directories.map({ $0.appending(host.name) }) {
      guard let handle = try? openFile(directory, [.readOnly, .directory]), let entries = try? handle.entries() else { continue }
      for name in entries.map(\.name.string).sorted() where name.hasSuffix(".crt") { authorities.append(directory.appending(name)) }
      for name in entries.map(\.name.string).sorted() where name.hasSuffix(".cert") {
        clientCertificate = directory.appending(name)
        clientKey = directory.appending(String(name.dropLast(5)) + ".key")
      }
    }
    guard !authorities.isEmpty else { return }
    var bundle: [UInt8] = []
    for path in authorities {
      do { bundle += try readFile(path, limit: 1 << 20) + [10] } catch {
        throw RegistryError(.refused, "certificate authorities: \(error)")
      }
    }
    for path in Self.systemBundles { if let system = try? readFile(path, limit: 16 << 20) { bundle += system; break } }
    certificateAuthorities = bundle
  }

  package static let defaultDirectories: [FilePath] = ["/etc/docker/certs.d", "/etc/containers/certs.d"]
  private static let systemBundles: [FilePath] = ["/etc/ssl/certs/ca-certificates.crt", "/etc/pki/tls/certs/ca-bundle.crt"]
}
