package import Linux

/// One entry of a layer: everything but the content.
package struct TarEntry: Hashable, Sendable {
  package enum Kind: Hashable, Sendable {
    case regular
    /// Another name of the file at the target, a path of the archive.
    case hardLink(BytePath)
    /// The target's bytes as symlink(2) takes them.
    case symbolicLink(BytePath)
    case characterDevice(major: UInt32, minor: UInt32)
    case blockDevice(major: UInt32, minor: UInt32)
    case directory
    case fifo
  }

  /// As in the archive when read; relative to the root and without a trailing `/` when written.
  package var path: BytePath
  package var kind: Kind
  /// The twelve permission bits.
  package var mode: UInt32
  package var userID: UInt32
  package var groupID: UInt32
  /// Bytes of content; 0 unless regular. Holes of a sparse file count.
  package var size: Int64
  package var modified: Timestamp
  /// Sorted by name when written.
  package var attributes: [ExtendedAttribute]

  package init(
    _ path: BytePath, _ kind: Kind, mode: UInt32, userID: UInt32 = 0, groupID: UInt32 = 0, size: Int64 = 0,
    modified: Timestamp = Timestamp(seconds: 0), attributes: [ExtendedAttribute] = []
  ) {
    self.path = path
    self.kind = kind
    self.mode = mode
    self.userID = userID
    self.groupID = groupID
    self.size = size
    self.modified = modified
    self.attributes = attributes
  }
}

/// The names by which a layer removes what the layers below hold (layer.md#whiteouts).
package enum Whiteout {
  package static let prefix: [UInt8] = Array(".wh.".utf8)
  /// Hides all that the layers below have in its directory.
  package static let opaque: [UInt8] = Array(".wh..wh..opq".utf8)
  /// AUFS's own files, which no layer needs.
  package static let reserved: [UInt8] = Array(".wh..wh.".utf8)
}
