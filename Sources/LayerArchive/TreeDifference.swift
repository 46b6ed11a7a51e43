package import Linux
internal import SystemPackage

/// What changed between two directory trees, in the layer's order, removals of a directory first.
package struct TreeDifference: Sendable {
  package enum Change: Hashable, Sendable { case added, modified, removed }

  package let changes: [(path: BytePath, change: Change)]

  /// Compares kinds, modes, owners, times, attributes, link targets and, where all of these are the same, content. A file of which one
  /// name has changed has changed under all of them: layers cannot link to a file of a layer below everywhere.
  package init(from old: borrowing OwnedDescriptor, to new: borrowing OwnedDescriptor) throws(LayerError) {
    var comparison = try naming(nil) { () throws(SystemError) -> TreeComparison in try TreeComparison(old, new) }
    try comparison.compareDirectory("")
    self.init(comparison.withAllNames())
  }

  /// In any order.
  init(_ changes: [(path: BytePath, change: Change)]) {
    self.changes = changes.sorted { precedesInLayer(TreeDifference.marker($0), TreeDifference.marker($1)) }
  }

  /// Where the change stands in a layer.
  private static func marker(_ change: (path: BytePath, change: Change)) -> BytePath {
    guard change.change == .removed, let (parent, name) = change.path.split else { return change.path }
    return parent.appending(Whiteout.prefix + name)
  }
}

/// The walk over both trees.
private struct TreeComparison: ~Copyable {
  private var old: DirectoryCursor
  private var new: DirectoryCursor
  private var changes: [(path: BytePath, change: TreeDifference.Change)] = []
  /// Names that have not changed, of files with several, by inode; and the inodes of which some name has.
  private var otherNames: [TargetTree.Inode: [BytePath]] = [:]
  private var changedInodes: Set<TargetTree.Inode> = []

  init(_ old: borrowing OwnedDescriptor, _ new: borrowing OwnedDescriptor) throws(SystemError) {
    let before = try DirectoryCursor(old)
    self.new = try DirectoryCursor(new)
    self.old = before
  }

  consuming func withAllNames() -> [(path: BytePath, change: TreeDifference.Change)] {
    var all = changes
    for inode in changedInodes { all += (otherNames[inode] ?? []).map { ($0, .modified) } }
    return all
  }

  mutating func compareDirectory(_ path: BytePath) throws(LayerError) {
    let before = try naming(path) { () throws(SystemError) in try old.directory.sortedEntries() }
    let after = try naming(path) { () throws(SystemError) in try new.directory.sortedEntries() }
    var i = 0
    for entry in after {
      while i < before.count, bytesPrecede(before[i].name, entry.name) {
        changes.append((path.appending(before[i].name), .removed))
        i += 1
      }
      let isOld = i < before.count && before[i].name == entry.name
      if isOld { i += 1 }
      try compare(entry.name, path.appending(entry.name), isOld: isOld)
    }
    changes += before[i...].map { (path.appending($0.name), .removed) }
  }

  private mutating func compare(_ name: [UInt8], _ path: BytePath, isOld: Bool) throws(LayerError) {
    let name = FilePath(bytes: name)
    let after = try naming(path) { () throws(SystemError) in try new.directory.status(of: name) }
    guard isOld else { return try add(name, path, after, .added) }
    let before = try naming(path) { () throws(SystemError) in try old.directory.status(of: name) }
    if before.kind != after.kind { return try add(name, path, after, .modified) }
    let isSame: Bool
    do { isSame = try self.isSame(name, before, after) } catch { throw LayerError(path, .system(error)) }
    if after.kind == .directory {
      if !isSame { changes.append((path, .modified)) }
      try naming(path) { () throws(SystemError) in
        try old.descend(name)
        try new.descend(name)
      }
      try compareDirectory(path)
      try naming(path) { () throws(SystemError) in
        try old.ascend()
        try new.ascend()
      }
    } else if !isSame {
      note(path, after, .modified)
    } else if after.linkCount > 1 {
      otherNames[TargetTree.Inode(after), default: []].append(path)
    }
  }

  /// The file and all below it are new.
  private mutating func add(
    _ name: FilePath, _ path: BytePath, _ status: FileStatus, _ change: TreeDifference.Change
  ) throws(LayerError) {
    note(path, status, change)
    if status.kind != .directory { return }
    try naming(path) { () throws(SystemError) in try new.descend(name) }
    for entry in try naming(path, { () throws(SystemError) in try new.directory.sortedEntries() }) {
      let inner = FilePath(bytes: entry.name)
      let path = path.appending(entry.name)
      try add(inner, path, try naming(path) { () throws(SystemError) in try new.directory.status(of: inner) }, .added)
    }
    try naming(path) { () throws(SystemError) in try new.ascend() }
  }

  private mutating func note(_ path: BytePath, _ status: FileStatus, _ change: TreeDifference.Change) {
    changes.append((path, change))
    if status.kind != .directory, status.linkCount > 1 { changedInodes.insert(TargetTree.Inode(status)) }
  }

  private func isSame(_ name: FilePath, _ a: FileStatus, _ b: FileStatus) throws(SystemError) -> Bool {
    if a.device == b.device, a.inode == b.inode { return true }
    guard a.permissions == b.permissions, a.userID == b.userID, a.groupID == b.groupID, isSameTime(a.modified, b.modified),
      a.representedDevice == b.representedDevice
    else { return false }
    if a.kind == .regular || a.kind == .symbolicLink, a.size != b.size { return false }
    if a.kind == .symbolicLink {
      if try old.directory.readSymbolicLink(name) != new.directory.readSymbolicLink(name) { return false }
    }
    let before = try old.directory.extendedAttributes(of: name).filter(isStored)
    let after = try new.directory.extendedAttributes(of: name).filter(isStored)
    if before != after { return false }
    return a.kind == .regular ? try hasSameContent(name) : true
  }

  /// A tree that came out of a layer has whole seconds only.
  private func isSameTime(_ a: Timestamp, _ b: Timestamp) -> Bool {
    a.seconds == b.seconds && (a.nanoseconds == b.nanoseconds || a.nanoseconds == 0 || b.nanoseconds == 0)
  }

  private func hasSameContent(_ name: FilePath) throws(SystemError) -> Bool {
    let flags: OpenFlags = [.readOnly, .noFollow, .nonBlocking, .noControllingTerminal]
    let a = try old.directory.open(name, flags)
    let b = try new.directory.open(name, flags)
    while true {
      let piece = try readPiece(a)
      var other = try readPiece(b)
      while !other.isEmpty, other.count < piece.count {
        let more = try readPiece(b, piece.count - other.count)
        if more.isEmpty { return false }
        other += more
      }
      if piece != other { return false }
      if piece.isEmpty { return true }
    }
  }

  private func readPiece(_ file: borrowing OwnedDescriptor, _ count: Int = 128 << 10) throws(SystemError) -> [UInt8] {
    var piece = [UInt8](repeating: 0, count: count)
    var span = piece.mutableSpan
    let read = try unsafe span.withUnsafeMutableBytes { (buffer) throws(SystemError) in try unsafe file.read(into: buffer) }
    return Array(piece[..<read])
  }
}
