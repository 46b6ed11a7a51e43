internal import LayerArchive
internal import Linux
internal import SystemPackage

/// What becomes of a source's metadata in the layer.
struct CopyMetadata {
  let request: CopyRequest
  let epoch: BuildEpoch

  func made(_ path: BytePath, mode: UInt32) -> TarEntry {
    TarEntry(
      path, .directory, mode: mode, userID: request.owner?.userID ?? 0, groupID: request.owner?.groupID ?? 0,
      modified: epoch.time)
  }

  func inline(_ path: BytePath, size: Int) -> TarEntry {
    TarEntry(
      path, .regular, mode: request.mode?.applied(to: 0o644, isDirectory: false) ?? 0o644, userID: request.owner?.userID ?? 0,
      groupID: request.owner?.groupID ?? 0, size: Int64(size), modified: epoch.time)
  }

  /// A file of a source. In a context the owner and the times are the host's affair.
  func entry(
    _ path: BytePath, _ kind: TarEntry.Kind, _ status: FileStatus, _ attributes: [ExtendedAttribute], of root: SourceRoot
  ) -> TarEntry {
    var entry = TarEntry(path, kind, status, attributes, size: kind == .regular ? status.size : 0)
    if root.isContext {
      entry.userID = 0
      entry.groupID = 0
    }
    entry.modified = root.isContext && !root.keepsTimes ? epoch.time : epoch.limited(status.modified)
    if let owner = request.owner {
      entry.userID = owner.userID
      entry.groupID = owner.groupID
    }
    if case .symbolicLink = kind { return entry }
    if let mode = request.mode { entry.mode = mode.applied(to: entry.mode, isDirectory: kind == .directory) }
    return entry
  }
}
