internal import CommandSupport
internal import Dockerfile
package import OCIImageSpec
package import SystemPackage

/// Where a build's result goes: one `--output` of docker build.
package enum BuildOutput: Hashable, Sendable {
  /// An image of the store, under these names besides those of `--tag`; pushed to their registries.
  case image(names: [Reference], isPushed: Bool)
  /// The files of the root file system, in a directory.
  case local(FilePath)
  /// The same as a tar archive; nil is standard output.
  case tar(FilePath?)
  /// The image as an archive that docker and OCI tools read.
  case archive(FilePath?, names: [Reference])
  /// The image as an OCI layout in a directory.
  case layout(FilePath, names: [Reference])
  /// Nothing but the cache.
  case cacheOnly

  /// Reads `type=TYPE,KEY=VALUE…`, a directory, or `-` for a tar archive on standard output.
  package init(_ text: String) throws(BuildError) {
    if !text.contains("=") {
      if text.isEmpty { throw BuildError("--output '': expected type=TYPE, a directory or -") }
      self = text == "-" ? .tar(nil) : .local(FilePath(text))
      return
    }
    do { self = try Self(fields: try CommaSeparated(text)) } catch { throw BuildError("--output '\(text)': \(error)") }
  }

  private init(fields: CommaSeparated) throws(BuildError) {
    guard let type = fields["type"] else { throw BuildError("'type' is required") }
    let known: [String: Set<String>] = [
      "local": ["dest"], "tar": ["dest"], "oci": ["dest", "name", "tar"], "docker": ["dest", "name", "tar"],
      "image": ["name", "push"], "registry": ["name", "push"], "cacheonly": [],
    ]
    guard let keys = known[type] else {
      throw BuildError("unknown type '\(type)', expected local, tar, oci, docker, image, registry or cacheonly")
    }
    for (key, value) in fields.fields where key != "type" {
      // What is so anyway may be said.
      if key == "oci-mediatypes", value.flatMap(goBool) == true { continue }
      guard keys.contains(key) else { throw BuildError("type=\(type) has no '\(key)'") }
    }
    let destination = fields["dest"].flatMap { $0.isEmpty ? nil : FilePath($0) }
    let file = destination == "-" ? nil : destination
    let names = try Self.names(fields["name"] ?? "")
    switch type {
    case "local":
      guard let destination else { throw BuildError("'dest' is required for type=local") }
      self = .local(destination)
    case "tar": self = .tar(file)
    case "image", "registry": self = .image(names: names, isPushed: try Self.flag("push", fields) ?? (type == "registry"))
    case "cacheonly": self = .cacheOnly
    case "docker" where destination == nil: self = .image(names: names, isPushed: false)
    default:
      if try Self.flag("tar", fields) ?? true {
        self = .archive(file, names: names)
      } else {
        guard let file else { throw BuildError("'dest' is required for a layout, and it is a directory") }
        self = .layout(file, names: names)
      }
    }
  }

  private static func names(_ text: String) throws(BuildError) -> [Reference] {
    var names: [Reference] = []
    for name in text.split(separator: ",") {
      do { names.append(try Reference(String(name)).withDefaultTag) } catch { throw BuildError("invalid name '\(name)': \(error)") }
    }
    return names
  }

  private static func flag(_ key: String, _ fields: CommaSeparated) throws(BuildError) -> Bool? {
    guard let text = fields[key] else { return nil }
    guard let value = goBool(text) else { throw BuildError("'\(key)=\(text)': expected true or false") }
    return value
  }

  /// The file or directory that is written.
  package var place: FilePath? {
    switch self {
    case .local(let path), .layout(let path, _): path
    case .tar(let path), .archive(let path, _): path
    case .image, .cacheOnly: nil
    }
  }

  /// It is written to standard output.
  package var isStandardOutput: Bool {
    switch self {
    case .tar(nil), .archive(nil, _): true
    default: false
    }
  }
}
