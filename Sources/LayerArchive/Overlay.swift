internal import Linux
internal import SystemPackage

/// overlayfs's own marks in an upper or lower directory (Documentation/filesystems/overlayfs.rst).
enum Overlay {
  static let opaque = OverlayAttributes.prefix + "opaque"
  /// Marks a whiteout that is an empty regular file, in a directory whose opacity is `x` (Linux 6.7).
  static let whiteout = OverlayAttributes.prefix + "whiteout"

  enum Opacity {
    case merged, opaque
    /// `x`: merged, and it may hold whiteouts that are regular files.
    case attributes
  }

  /// What a directory's attributes say; refuses a directory that stands for one of another name below.
  static func opacity(_ attributes: [ExtendedAttribute], _ path: BytePath) throws(LayerError) -> Opacity {
    var opacity = Opacity.merged
    for attribute in attributes where OverlayAttributes.isOne(attribute) {
      if attribute.name.elementsEqual((OverlayAttributes.prefix + "redirect").utf8) {
        throw LayerError(path, .refused("was renamed by overlayfs: mount with redirect_dir=off"))
      }
      if attribute.name.elementsEqual(opaque.utf8) {
        if attribute.value == [UInt8(ascii: "y")] { opacity = .opaque }
        if attribute.value == [UInt8(ascii: "x")] { opacity = .attributes }
      }
    }
    return opacity
  }

  /// Whether an entry of `directory`, whose opacity this is, removes a name of the layers below.
  static func isWhiteout(
    _ entry: NamedEntry, in directory: borrowing OwnedDescriptor, _ opacity: Opacity
  ) throws(SystemError) -> Bool {
    let name = FilePath(bytes: entry.name)
    switch entry.kind {
    case .characterDevice, nil: return try directory.status(of: name).isWhiteout
    case .regular where opacity == .attributes:
      return try directory.extendedAttributes(of: name).contains { $0.name.elementsEqual(whiteout.utf8) }
    default: return false
    }
  }

  /// Refuses a file whose content is still in a layer below.
  static func checkWhole(_ attributes: [ExtendedAttribute], _ path: BytePath) throws(LayerError) {
    if attributes.contains(where: { $0.name.elementsEqual((OverlayAttributes.prefix + "metacopy").utf8) }) {
      throw LayerError(path, .refused("has only its metadata copied up: mount with metacopy=off"))
    }
  }
}
