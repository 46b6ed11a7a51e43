internal import CommandSupport
package import OCIImageSpec
package import SystemPackage

/// Where a build's cache comes from or goes to: one `--cache-from` or `--cache-to`.
package struct CachePlace: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    /// An OCI layout.
    case local(FilePath)
    case registry(Reference)
    /// In the image that is built.
    case inline
  }

  package let kind: Kind
  /// Also the steps of stages that the image has nothing of (`mode=max`).
  package let isWhole: Bool

  package init(from text: String) throws(BuildError) { self = try Self(text, "--cache-from", path: "src") }
  package init(to text: String) throws(BuildError) { self = try Self(text, "--cache-to", path: "dest") }

  private init(_ text: String, _ flag: String, path: String) throws(BuildError) {
    func invalid(_ reason: String) -> BuildError { BuildError("\(flag) '\(text)': \(reason)") }
    let fields: CommaSeparated
    // A name alone is an image's.
    do { fields = try CommaSeparated(text.contains("=") ? text : "type=registry,ref=\(text)") } catch { throw invalid("\(error)") }
    for (key, _) in fields.fields where !["type", "ref", path, "mode"].contains(key) { throw invalid("unknown key '\(key)'") }
    let mode = fields["mode"] ?? "min"
    guard ["min", "max"].contains(mode) else { throw invalid("mode '\(mode)': expected min or max") }
    isWhole = mode == "max"
    switch fields["type"] {
    case "local"?:
      guard let place = fields[path], !place.isEmpty else { throw invalid("'\(path)' is required for type=local") }
      kind = .local(FilePath(place))
    case "registry"?, nil:
      guard let name = fields["ref"], !name.isEmpty else { throw invalid("'ref' is required for type=registry") }
      do { kind = .registry(try Reference(name).withDefaultTag) } catch { throw invalid("\(error)") }
    case "inline"? where path == "dest": kind = .inline
    case let type?: throw invalid("unknown type '\(type)', expected local, registry" + (path == "dest" ? " or inline" : ""))
    }
  }
}

extension CachePlace: CustomStringConvertible {
  package var description: String {
    switch kind {
    case .local(let path): "'\(path)'"
    case .registry(let name): "'\(name.familiarDescription)'"
    case .inline: "the image"
    }
  }
}
