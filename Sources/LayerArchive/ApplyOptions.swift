package import SystemPackage

/// How a layer is put into a directory.
package struct ApplyOptions {
  package enum Form {
    /// Onto the tree of the layers below: whiteouts delete.
    case flattened
    /// As any archive: a name that begins with `.wh.` is a file's like others.
    case verbatim
    /// As a lowerdir for overlayfs: whiteouts become character devices 0:0, opaque markers the attribute
    /// `trusted.overlay.opaque`. `lowers` are the layers below in the same form, topmost first: hard links to their files,
    /// symbolic links among their directories and the owners of their directories are taken from there.
    case overlay(lowers: [FilePath])
  }

  package var form: Form
  package var expected: ExpectedDigests
  package var limits: LayerLimits
  package var owners = OwnerMap()
  /// Told of what was left out of an entry, and why.
  package var warn: (BytePath, String) -> Void

  package init(
    _ form: Form, expected: ExpectedDigests = ExpectedDigests(), limits: LayerLimits = LayerLimits(),
    warn: @escaping (BytePath, String) -> Void = { _, _ in }
  ) {
    self.form = form
    self.expected = expected
    self.limits = limits
    self.warn = warn
  }
}

/// What applying a layer has found out.
package struct AppliedLayer: Sendable {
  package let layer: LayerDescription
  /// Entries of the archive, whiteouts counted.
  package let entries: Int
  /// The layer hides all layers below: overlayfs ignores the mark on a root, so they must be left out of its lowerdirs.
  package let isRootOpaque: Bool
}
