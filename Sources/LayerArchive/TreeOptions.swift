/// How a directory becomes a layer.
package struct TreeOptions {
  package enum Form: Sendable {
    /// Every file as it is.
    case plain
    /// An overlayfs upper directory: character devices 0:0 and opaque directories become whiteouts and opaque markers.
    case overlayUpper
  }

  package var form: Form
  /// Whether the root's own entry (`./`) is written; upper directories have none.
  package var includesRoot: Bool
  /// Paths, relative to the layer's root, that are left out with all below them.
  package var isExcluded: (BytePath) -> Bool
  /// Told of what cannot be stored: the path and why.
  package var warn: (BytePath, String) -> Void

  package init(
    _ form: Form = .plain, includesRoot: Bool? = nil, isExcluded: @escaping (BytePath) -> Bool = { _ in false },
    warn: @escaping (BytePath, String) -> Void = { _, _ in }
  ) {
    self.form = form
    self.includesRoot = includesRoot ?? (form == .plain)
    self.isExcluded = isExcluded
    self.warn = warn
  }
}
