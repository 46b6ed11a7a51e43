/// A mount that the user asked for with `-v`, `--mount` or `--tmpfs`, checked as far as that can be done without the image.
package struct MountRequest: Hashable, Sendable {
  package enum Kind: String, Hashable, Sendable { case bind, volume, tmpfs }
  /// How far `readonly` reaches into what is mounted below a bind's source.
  package enum ReadOnlyReach: Hashable, Sendable {
    /// Everything below where the kernel can (mount_setattr(2), 5.12).
    case recursive
    /// The topmost mount only.
    case topOnly
  }

  package var kind: Kind
  /// A host path, a volume's name, or empty: an anonymous volume or a tmpfs.
  package var source = ""
  package var target: String
  package var readOnly = false
  package var readOnlyReach = ReadOnlyReach.recursive
  /// Bind the source alone, without what is mounted below it.
  package var nonRecursive = false
  /// `private`, `rprivate`, `shared`, `rshared`, `slave` or `rslave`; nil is docker's rprivate.
  package var propagation: String?
  /// A missing host directory is made (`-v`), or it is an error (`--mount`).
  package var createsSource = false
  /// Do not fill an empty volume with what the image has at the target.
  package var noCopy = false
  package var volumeSubpath = ""
  package var volumeLabels: [String: String] = [:]
  /// Mount options of a tmpfs beyond docker's defaults.
  package var tmpfsOptions: [String] = []
  /// Asked for with `--tmpfs`, which inspect shows elsewhere.
  package var isTmpfsFlag = false
  /// The mode text of `-v`, which inspect shows.
  package var mode = ""

  init(_ kind: Kind, target: String) {
    self.kind = kind
    self.target = target
  }
}

let propagationModes: Set<String> = ["private", "rprivate", "shared", "rshared", "slave", "rslave"]

/// `path` without `.`, `..`, doubled and trailing slashes, by its text alone.
func cleanPath(_ path: String) -> String {
  var components: [Substring] = []
  for component in path.split(separator: "/") where component != "." {
    if component == ".." { _ = components.popLast() } else { components.append(component) }
  }
  return "/" + components.joined(separator: "/")
}

/// The rules for where something may be mounted.
func checkTarget(_ target: String, _ invalid: (String) -> BundleError) throws(BundleError) {
  if target.isEmpty { throw invalid("field Target must not be empty") }
  if cleanPath(target) == "/" { throw invalid("invalid specification: destination can't be '/'") }
  guard target.hasPrefix("/") else { throw invalid("invalid mount path: '\(target)' mount path must be absolute") }
}
