package import Linux
package import SystemPackage

extension TreeDifference {
  /// What an overlayfs upper directory makes of the layers below it, given topmost first.
  ///
  /// A file that has been copied up counts as modified, changed or not; a directory only where itself or something in it has.
  /// - Parameter mountPoints: paths at which a runtime may have made an empty file or directory only to mount upon it. These, and
  ///   directories that hold nothing else, are no change.
  package init(
    upper: borrowing OwnedDescriptor, over lowers: [FilePath], mountPoints: Set<BytePath> = []
  ) throws(LayerError) {
    self.init(try OverlayComparison.changes(upper, lowers, mountPoints))
  }
}

/// The walk over the upper directory.
private struct OverlayComparison: ~Copyable {
  private var cursor: DirectoryCursor
  private let lowers: LowerLayers
  private let mountPoints: Set<BytePath>
  private var changes: [(path: BytePath, change: TreeDifference.Change)] = []

  static func changes(
    _ upper: borrowing OwnedDescriptor, _ lowers: [FilePath], _ mountPoints: Set<BytePath>
  ) throws(LayerError) -> [(path: BytePath, change: TreeDifference.Change)] {
    var comparison = try naming(nil) { () throws(SystemError) in try OverlayComparison(upper, lowers, mountPoints) }
    let attributes = try naming(nil) { () throws(SystemError) in try upper.extendedAttributes() }
    _ = try comparison.compareDirectory("", attributes, isMerged: true)
    return comparison.changes
  }

  private init(_ upper: borrowing OwnedDescriptor, _ lowers: [FilePath], _ mountPoints: Set<BytePath>) throws(SystemError) {
    let start = try DirectoryCursor(upper)
    let layers = try LowerLayers(lowers)
    cursor = start
    self.lowers = layers
    self.mountPoints = mountPoints
  }

  /// Compares what the cursor's directory holds, whose attributes these are; `isMerged` where the layers below have it too.
  /// - Returns: whether it holds something that was only made to be mounted upon.
  mutating func compareDirectory(
    _ path: BytePath, _ attributes: [ExtendedAttribute], isMerged: Bool
  ) throws(LayerError) -> Bool {
    let opacity = try Overlay.opacity(attributes, path)
    var below = try naming(path) { () throws(SystemError) in isMerged ? try lowers.names(in: path.components) : [] }
    var holdsMountPoint = false
    for entry in try naming(path, { () throws(SystemError) in try cursor.directory.sortedEntries() }) {
      let path = path.appending(entry.name)
      let isBelow = below.remove(entry.name) != nil
      if try naming(path, { () throws(SystemError) in try Overlay.isWhiteout(entry, in: cursor.directory, opacity) }) {
        if isBelow { changes.append((path, .removed)) }
      } else if try compare(FilePath(bytes: entry.name), path, isBelow: isBelow) {
        holdsMountPoint = true
      }
    }
    if opacity == .opaque { changes += below.map { (path.appending($0), .removed) } }
    return holdsMountPoint
  }

  /// - Returns: whether it is, or holds, something that was only made to be mounted upon.
  private mutating func compare(_ name: FilePath, _ path: BytePath, isBelow: Bool) throws(LayerError) -> Bool {
    let status = try naming(path) { () throws(SystemError) in try cursor.directory.status(of: name) }
    let lower = try naming(path) { () throws(SystemError) in isBelow ? try lowers.find(path.components) : nil }
    if status.kind == .directory { return try compareDirectory(name, path, status, lower) }
    if lower == nil, status.kind == .regular, status.size == 0, mountPoints.contains(path) { return true }
    if status.kind == .regular {
      try Overlay.checkWhole(
        try naming(path) { () throws(SystemError) in try cursor.directory.extendedAttributes(of: name) }, path)
    }
    changes.append((path, lower == nil ? .added : .modified))
    return false
  }

  private mutating func compareDirectory(
    _ name: FilePath, _ path: BytePath, _ status: FileStatus, _ lower: LowerLayers.File?
  ) throws(LayerError) -> Bool {
    let isMerged = lower?.status.kind == .directory
    let before = changes.count
    try naming(path) { () throws(SystemError) in try cursor.descend(name) }
    let attributes = try naming(path) { () throws(SystemError) in try cursor.directory.extendedAttributes() }
    let holdsMountPoint = try compareDirectory(path, attributes, isMerged: isMerged)
    try naming(path) { () throws(SystemError) in try cursor.ascend() }
    let hasChanges = changes.count > before
    guard let lower else {
      if !hasChanges, holdsMountPoint || mountPoints.contains(path) { return true }
      changes.append((path, .added))
      return holdsMountPoint
    }
    let isSame = try naming(path) { () throws(SystemError) in
      if !isMerged { return false }
      return try Self.isSame(status, attributes, lower, ignoringTime: holdsMountPoint)
    }
    if hasChanges || !isSame { changes.append((path, .modified)) }
    return holdsMountPoint
  }

  private static func isSame(
    _ status: FileStatus, _ attributes: [ExtendedAttribute], _ lower: LowerLayers.File, ignoringTime: Bool
  ) throws(SystemError) -> Bool {
    let before = lower.status
    guard status.permissions == before.permissions, status.userID == before.userID, status.groupID == before.groupID else { return false }
    if !ignoringTime, status.modified != before.modified { return false }
    return try attributes.filter(isStored) == lower.parent.extendedAttributes(of: lower.name).filter(isStored)
  }
}
