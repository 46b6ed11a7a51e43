internal import Linux
internal import SystemPackage

/// One entry on its way to the disk.
///
/// Metadata goes through the file's own descriptor, in this order: the owner first, since chown(2) clears set-user-ID and
/// capabilities, then the mode, attributes, and the time last, since all else changes it.
struct EntryCreation {
  private let applier: LayerApplier
  private let entry: TarEntry
  private let directory: TargetTree.Directory
  private let bytes: [UInt8]
  private let name: FilePath

  init(_ applier: LayerApplier, _ entry: TarEntry, _ directory: TargetTree.Directory, _ name: [UInt8]) {
    self.applier = applier
    self.entry = entry
    self.directory = directory
    bytes = name
    self.name = name.isEmpty ? FilePath(".") : FilePath(bytes: name)
  }

  /// A new directory, or the one that is there, with the entry's metadata.
  func makeDirectory() throws(SystemError) {
    var wasThere = bytes.isEmpty
    var replacesWhiteout = false
    do {
      if !wasThere { try directory.descriptor.makeDirectory(name, mode: 0o700) }
    } catch  where error.errno == .fileExists {
      let status = try directory.descriptor.status(of: name)
      wasThere = status.kind == .directory
      if !wasThere {
        replacesWhiteout = applier.isOverlay && status.isWhiteout
        try directory.descriptor.remove(name)
        try directory.descriptor.makeDirectory(name, mode: 0o700)
      }
    }
    let made = try directory.descriptor.open(name, [.readOnly, .directory, .noFollow])
    let path = bytes.isEmpty ? directory.path : directory.path.appending(bytes)
    if wasThere { try dropAttributes(of: made) }
    try applyMetadata(to: made)
    if replacesWhiteout { try applier.markOpaque(made, path) }
    let found = TargetTree.Directory(made, path, try directory.descriptor.status(of: name))
    applier.tree.setTime(of: found, entry.modified)
    if !bytes.isEmpty { applier.tree.remember(found, at: path) }
  }

  /// A new regular file with what `fill` writes to it. Returns what `fill` returns: a problem of the archive.
  func makeFile(
    _ fill: (borrowing OwnedDescriptor) throws(SystemError) -> LayerError?
  ) throws(SystemError) -> LayerError? {
    let file = try create { () throws(SystemError) in
      try directory.descriptor.open(name, [.writeOnly, .create, .exclusive, .noFollow], mode: 0o600)
    }
    if let problem = try fill(file) { return problem }
    if entry.size > 0 { try extend(file) }
    try applyMetadata(to: file)
    try file.setModified(entry.modified)
    return nil
  }

  /// A hole at the end of a sparse file has no content to write.
  private func extend(_ file: borrowing OwnedDescriptor) throws(SystemError) {
    if try file.status().size < entry.size { try file.setSize(entry.size) }
  }

  /// A symbolic link, device node or FIFO.
  func makeSpecial() throws(SystemError) {
    try create { () throws(SystemError) in
      switch entry.kind {
      case .symbolicLink(let target): try directory.descriptor.makeSymbolicLink(name, to: target.bytes)
      case .characterDevice(let major, let minor):
        try directory.descriptor.makeNode(name, .characterDevice, mode: 0o600, major: major, minor: minor)
      case .blockDevice(let major, let minor):
        try directory.descriptor.makeNode(name, .blockDevice, mode: 0o600, major: major, minor: minor)
      case .fifo: try directory.descriptor.makeNode(name, .fifo, mode: 0o600)
      case .regular, .directory, .hardLink: throw SystemError("mknod", name, .invalidArgument)
      }
    }
    try directory.descriptor.changeOwner(of: name, userID: entry.userID, groupID: entry.groupID)
    if case .symbolicLink = entry.kind {
    } else {
      try directory.descriptor.open(name, [.path, .noFollow]).changeModeByPath(entry.mode)
    }
    for attribute in entry.attributes where isKept(attribute) {
      try tolerating(attribute) { () throws(SystemError) in
        try directory.descriptor.setExtendedAttribute(attribute, on: name)
      }
    }
    try directory.descriptor.setModified(of: name, entry.modified)
  }

  /// Another name of a file of this layer or of the layers below. Returns what is wrong with the target.
  func makeLink(_ target: BytePath) throws(SystemError) -> LayerError? {
    guard let (parentPath, targetBytes) = target.normalized?.split,
      let parent = try applier.tree.directory(parentPath, creating: false)
    else { return missing(target) }
    let targetName = FilePath(bytes: targetBytes)
    var status = try parent.descriptor.statusIfPresent(of: targetName)
    if status == nil, let lowers = applier.tree.lowers, !(try applier.tree.isHidden(parent.path)),
      let lower = try lowers.find(parent.path.components + [targetBytes])
    {
      if lower.status.kind == .directory { return LayerError(entry.path, .refused("a hard link to the directory '\(target)'")) }
      try copyUp(lower, to: parent, targetBytes)
      status = try parent.descriptor.statusIfPresent(of: targetName)
    }
    guard let status, !(applier.isOverlay && status.isWhiteout) else { return missing(target) }
    if status.kind == .directory { return LayerError(entry.path, .refused("a hard link to the directory '\(target)'")) }
    if parent.inode == directory.inode, targetBytes == bytes {
      return LayerError(entry.path, .refused("a hard link to itself"))
    }
    try create { () throws(SystemError) in try parent.descriptor.makeLink(targetName, as: name, in: directory.descriptor) }
    return nil
  }

  private func missing(_ target: BytePath) -> LayerError {
    LayerError(entry.path, .refused("a hard link to '\(target)', which does not exist"))
  }

  /// Copies a file of a layer below into this one, as overlayfs does before it is linked to.
  private func copyUp(_ lower: LowerLayers.File, to parent: TargetTree.Directory, _ name: [UInt8]) throws(SystemError) {
    let attributes = try lower.parent.extendedAttributes(of: lower.name)
    let path = parent.path.appending(name)
    let (major, minor) = lower.status.deviceNumbers
    let kind: TarEntry.Kind
    switch lower.status.kind {
    case .regular: kind = .regular
    case .symbolicLink: kind = .symbolicLink(BytePath(try lower.parent.readSymbolicLink(lower.name)))
    case .characterDevice: kind = .characterDevice(major: major, minor: minor)
    case .blockDevice: kind = .blockDevice(major: major, minor: minor)
    case .fifo: kind = .fifo
    case .directory, .socket: throw SystemError("link", lower.name, .notSupported)
    }
    let entry = TarEntry(path, kind, lower.status, attributes, size: lower.status.size)
    let creation = EntryCreation(applier, entry, parent, name)
    guard kind == .regular else { return try creation.makeSpecial() }
    let original = try lower.parent.open(lower.name, [.readOnly, .noFollow, .nonBlocking])
    _ = try creation.makeFile { (file) throws(SystemError) in
      try copyContent(of: original, to: file)
      return nil
    }
  }

  /// Makes the leaf; what has its name gives way.
  private func create<Result: ~Copyable>(_ make: () throws(SystemError) -> Result) throws(SystemError) -> Result {
    do { return try make() } catch  where error.errno == .fileExists {
      if try directory.descriptor.status(of: name).kind == .directory {
        try directory.descriptor.removeTree(name)
        applier.tree.forget(directory.path.appending(bytes))
      } else {
        try directory.descriptor.remove(name)
      }
      return try make()
    }
  }

  private func applyMetadata(to file: borrowing OwnedDescriptor) throws(SystemError) {
    try file.changeOwner(userID: entry.userID, groupID: entry.groupID)
    try file.changeMode(entry.mode)
    for attribute in entry.attributes where isKept(attribute) {
      // A closure cannot borrow the descriptor's parameter.
      do { try file.setExtendedAttribute(attribute) } catch { try explain(error, attribute) }
    }
  }

  /// An entry replaces a directory's attributes; it does not add to them.
  private func dropAttributes(of directory: borrowing OwnedDescriptor) throws(SystemError) {
    for attribute in try directory.extendedAttributes() where isStored(attribute: attribute) {
      try directory.removeExtendedAttribute(attribute.name)
    }
  }

  private func isKept(_ attribute: ExtendedAttribute) -> Bool {
    if isStored(attribute: attribute) { return true }
    applier.warn(entry.path, "the attribute '\(BytePath(attribute.name))' has no place in a layer and is left out")
    return false
  }

  private func tolerating(_ attribute: ExtendedAttribute, _ body: () throws(SystemError) -> Void) throws(SystemError) {
    do { try body() } catch { try explain(error, attribute) }
  }

  /// A file system without such attributes is no reason to fail.
  private func explain(_ error: SystemError, _ attribute: ExtendedAttribute) throws(SystemError) {
    guard error.errno == .notSupported || error.errno == .notSupportedOnSocket else { throw error }
    applier.warn(entry.path, "the file system does not keep the attribute '\(BytePath(attribute.name))'")
  }
}

private func copyContent(
  of original: borrowing OwnedDescriptor, to file: borrowing OwnedDescriptor
) throws(SystemError) {
  var chunk = [UInt8](repeating: 0, count: 256 << 10)
  while true {
    var span = chunk.mutableSpan
    let count = try unsafe span.withUnsafeMutableBytes { (buffer) throws(SystemError) in try unsafe original.read(into: buffer) }
    if count == 0 { return }
    try unsafe chunk.span.bytes.withUnsafeBytes { (bytes) throws(SystemError) in
      try unsafe file.writeAll(UnsafeRawBufferPointer(rebasing: bytes[..<count]))
    }
  }
}
