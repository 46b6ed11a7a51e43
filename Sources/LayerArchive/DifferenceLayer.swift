package import Linux
internal import SystemPackage

extension LayerWriter {
  /// Writes the layer that makes the tree `new` of the one it was compared with: changed files with the directories that hold
  /// them, and a whiteout for what has gone.
  package func add(
    _ difference: TreeDifference, of new: borrowing OwnedDescriptor, _ options: TreeOptions = TreeOptions()
  ) throws(LayerError) {
    let root: RootDirectory
    do { root = RootDirectory(try new.open(FilePath("."), [.readOnly, .directory])) } catch { throw LayerError(nil, .system(error)) }
    var links: [TargetTree.Inode: BytePath] = [:]
    var directories: Set<BytePath> = [""]
    for (path, change) in difference.changes where !options.isExcluded(path) {
      try addDirectories(above: path, root, &directories)
      if change == .removed {
        try addWhiteout(path)
      } else if directories.insert(path).inserted {
        try addFile(path, root, &links, options)
      }
    }
  }

  private func addDirectories(
    above path: BytePath, _ root: borrowing RootDirectory, _ done: inout Set<BytePath>
  ) throws(LayerError) {
    var parent = BytePath([])
    for component in path.components.dropLast() {
      parent = parent.appending(component)
      if !done.insert(parent).inserted { continue }
      try addDirectory(parent, root)
    }
  }

  private func addDirectory(_ path: BytePath, _ root: borrowing RootDirectory) throws(LayerError) {
    let entry: TarEntry
    do throws(SystemError) {
      let directory = try root.open(path.filePath, [.readOnly, .directory], resolution: .noSymbolicLinks)
      entry = TarEntry(path, .directory, try directory.status(), try directory.extendedAttributes())
    } catch { throw LayerError(path, .system(error)) }
    try add(entry)
  }

  private func addFile(
    _ path: BytePath, _ root: borrowing RootDirectory, _ links: inout [TargetTree.Inode: BytePath], _ options: TreeOptions
  ) throws(LayerError) {
    guard let (parentPath, bytes) = path.split else { return }
    let name = FilePath(bytes: bytes)
    let parent = try naming(path) { () throws(SystemError) in
      try root.open(parentPath.filePath, [.readOnly, .directory], resolution: .noSymbolicLinks)
    }
    let status = try naming(path) { () throws(SystemError) in try parent.status(of: name) }
    if status.kind == .directory { return try addDirectory(path, root) }
    if status.kind == .socket { return options.warn(path, "a socket cannot be stored in a layer") }
    if status.linkCount > 1 {
      let inode = TargetTree.Inode(status)
      if let first = links[inode] { return try add(TarEntry(path, .hardLink(first), status, [])) }
      links[inode] = path
    }
    if status.kind == .regular { return try addRegular(name, path, in: parent) }
    let entry = try naming(path) { () throws(SystemError) in try TarEntry(special: path, name, status, in: parent) }
    try add(entry)
  }

  /// The regular file `name`, opened so that a FIFO that has taken its place meanwhile is not waited for.
  private func addRegular(_ name: FilePath, _ path: BytePath, in directory: borrowing OwnedDescriptor) throws(LayerError) {
    let file = try naming(path) { () throws(SystemError) -> OwnedDescriptor in
      try directory.open(name, [.readOnly, .noFollow, .nonBlocking, .noControllingTerminal])
    }
    let status = try naming(path) { () throws(SystemError) in try file.status() }
    if status.kind != .regular { throw LayerError(path, .refused("changed its kind while it was read")) }
    let attributes = try naming(path) { () throws(SystemError) in try file.extendedAttributes() }
    try add(TarEntry(path, .regular, status, attributes, size: status.size), content: file)
  }
}

extension TarEntry {
  /// What is neither a regular file, a directory nor a socket.
  init(
    special path: BytePath, _ name: FilePath, _ status: FileStatus, in directory: borrowing OwnedDescriptor
  ) throws(SystemError) {
    let (major, minor) = status.deviceNumbers
    let kind: Kind =
      switch status.kind {
      case .symbolicLink: .symbolicLink(BytePath(try directory.readSymbolicLink(name)))
      case .characterDevice: .characterDevice(major: major, minor: minor)
      case .blockDevice: .blockDevice(major: major, minor: minor)
      case .fifo: .fifo
      case .regular, .directory, .socket: throw SystemError("read", name, .invalidArgument)
      }
    self.init(path, kind, status, try directory.extendedAttributes(of: name))
  }
}
