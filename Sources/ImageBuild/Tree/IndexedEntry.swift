internal import LayerArchive
internal import Linux

/// What a layer says about one path: everything but a file's content.
struct IndexedEntry: Hashable, Sendable {
  enum Kind: UInt8, Sendable {
    case directory = 1, regular, symbolicLink, hardLink, other
  }

  var kind: Kind
  var mode: UInt32
  var userID: UInt32
  var groupID: UInt32
  var modified: Timestamp
  /// The target of a link.
  var link: [UInt8] = []
  var attributes: [ExtendedAttribute] = []

  init(_ entry: TarEntry) {
    mode = entry.mode
    userID = entry.userID
    groupID = entry.groupID
    modified = Timestamp(seconds: entry.modified.seconds)
    attributes = entry.attributes
    switch entry.kind {
    case .directory: kind = .directory
    case .regular: kind = .regular
    case .symbolicLink(let target):
      kind = .symbolicLink
      link = target.bytes
    case .hardLink(let target):
      kind = .hardLink
      link = target.normalized?.bytes ?? []
    case .characterDevice, .blockDevice, .fifo: kind = .other
    }
  }

  init(directoryMode mode: UInt32, userID: UInt32 = 0, groupID: UInt32 = 0, modified: Timestamp) {
    kind = .directory
    self.mode = mode
    self.userID = userID
    self.groupID = groupID
    self.modified = modified
  }

  /// The directory as an entry of another layer.
  func directoryEntry(_ path: BytePath) -> TarEntry {
    TarEntry(path, .directory, mode: mode, userID: userID, groupID: groupID, modified: modified, attributes: attributes)
  }
}
