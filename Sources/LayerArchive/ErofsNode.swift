internal import Linux

/// A file of an EROFS index: all but the content, which stays in the archive.
final class ErofsNode {
  enum Kind {
    case directory
    /// `position` is where in the archive the content begins, a multiple of 512.
    case regular(position: Int64, size: Int64)
    case symbolicLink([UInt8])
    case characterDevice(major: UInt32, minor: UInt32)
    case blockDevice(major: UInt32, minor: UInt32)
    case fifo
  }

  let kind: Kind
  var mode: UInt32
  var userID: UInt32
  var groupID: UInt32
  var modified: Timestamp
  var attributes: [ExtendedAttribute]
  var children: [[UInt8]: ErofsNode] = [:]
  /// Names, of what is no directory.
  var links = 1
  /// A directory that shows nothing of the layers below.
  var isOpaque = false
  /// Bytes from the start of the index, once that is laid out.
  var address = 0

  init(
    _ kind: Kind, mode: UInt32 = 0o755, userID: UInt32 = 0, groupID: UInt32 = 0, modified: Timestamp = Timestamp(seconds: 0),
    attributes: [ExtendedAttribute] = []
  ) {
    self.kind = kind
    self.mode = mode
    self.userID = userID
    self.groupID = groupID
    self.modified = modified
    self.attributes = attributes
  }

  convenience init(_ kind: Kind, of entry: TarEntry) {
    self.init(
      kind, mode: entry.mode, userID: entry.userID, groupID: entry.groupID, modified: entry.modified, attributes: entry.attributes)
  }

  /// overlayfs's mark of a removed file.
  static var whiteout: ErofsNode { ErofsNode(.characterDevice(major: 0, minor: 0), mode: 0) }

  var isDirectory: Bool { if case .directory = kind { true } else { false } }
  var isWhiteout: Bool { if case .characterDevice(0, 0) = kind { true } else { false } }

  /// All that the index stores, overlayfs's mark included.
  var storedAttributes: [ExtendedAttribute] {
    isOpaque ? attributes + [ExtendedAttribute(Overlay.opaque, [UInt8(ascii: "y")])] : attributes
  }
}
