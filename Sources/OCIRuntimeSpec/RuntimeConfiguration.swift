import JSON

/// The file `config.json` of a bundle: everything a runtime needs to know of a container (runtime-spec config.md).
/// What is for other platforms (`solaris`, `windows`, `vm`, `zos`, `freebsd`) is ignored.
package struct RuntimeConfiguration: Hashable, Sendable, Codable {
  package static let fileName = "config.json"

  package var ociVersion: OCIVersion
  /// Required by `start`.
  package var process: Process?
  package var root: Root?
  package var hostname: String?
  package var domainname: String?
  /// Mounted in this order.
  package var mounts: [Mount]?
  package var hooks: Hooks?
  package var annotations: [String: String]?
  package var linux: LinuxConfiguration?

  package init(ociVersion: OCIVersion = .current) {
    self.ociVersion = ociVersion
  }

  package init(from decoder: any Decoder) throws {
    let members = try JSONMembers(of: decoder)
    ociVersion = try members.required("ociVersion")
    process = try members.optional("process")
    root = try members.optional("root")
    hostname = try members.optional("hostname")
    domainname = try members.optional("domainname")
    mounts = try members.optional("mounts")
    hooks = try members.optional("hooks")
    annotations = try members.optional("annotations")
    linux = try members.optional("linux")
  }
}
