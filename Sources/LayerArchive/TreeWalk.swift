package import Linux
internal import SystemPackage

extension LayerWriter {
  /// Adds the directory's content, and itself if the options say so, at `prefix`, which is the layer's root by default.
  package func addTree(
    _ directory: borrowing OwnedDescriptor, at prefix: BytePath = "", _ options: TreeOptions = TreeOptions()
  ) throws(LayerError) {
    var walk = try TreeWalk(directory, self, options)
    let status = try naming(prefix) { () throws(SystemError) in try walk.cursor.directory.status() }
    let attributes = try naming(prefix) { () throws(SystemError) in try walk.cursor.directory.extendedAttributes() }
    if options.includesRoot { try add(TarEntry(prefix, .directory, status, attributes)) }
    try walk.addContent(prefix, attributes)
  }
}

/// A walk over a tree that writes every file to the layer.
struct TreeWalk: ~Copyable {
  var cursor: DirectoryCursor
  private let writer: LayerWriter
  private let options: TreeOptions
  /// The first path of each file that has several names.
  private var links: [Inode: BytePath] = [:]

  private struct Inode: Hashable {
    let device: UInt64
    let inode: UInt64
  }

  init(_ directory: borrowing OwnedDescriptor, _ writer: LayerWriter, _ options: TreeOptions) throws(LayerError) {
    do { cursor = try DirectoryCursor(directory) } catch { throw LayerError("", .system(error)) }
    self.writer = writer
    self.options = options
  }

  /// Adds what the cursor's directory holds. `attributes` are that directory's.
  mutating func addContent(_ path: BytePath, _ attributes: [ExtendedAttribute]) throws(LayerError) {
    let names = try naming(path) { () throws(SystemError) in try cursor.directory.sortedEntries() }
    var entries = names
    if options.form == .overlayUpper {
      let opacity = try Overlay.opacity(attributes, path)
      if opacity == .opaque { try writer.addOpaque(path) }
      entries = try addWhiteouts(names, path, opacity)
    }
    for entry in entries {
      let path = path.appending(entry.name)
      if options.isExcluded(path) { continue }
      try addEntry(entry, path)
    }
  }

  /// Writes the whiteouts among `entries`, and returns the others.
  private func addWhiteouts(
    _ entries: [NamedEntry], _ path: BytePath, _ opacity: Overlay.Opacity
  ) throws(LayerError) -> [NamedEntry] {
    var others: [NamedEntry] = []
    for entry in entries {
      let path = path.appending(entry.name)
      if try naming(path, { () throws(SystemError) in try Overlay.isWhiteout(entry, in: cursor.directory, opacity) }) {
        if !options.isExcluded(path) { try writer.addWhiteout(path) }
      } else {
        others.append(entry)
      }
    }
    return others
  }

  private mutating func addEntry(_ entry: NamedEntry, _ path: BytePath) throws(LayerError) {
    let name = FilePath(bytes: entry.name)
    let kind = try naming(path) { () throws(SystemError) in
      if let kind = entry.kind { return kind }
      return try cursor.directory.status(of: name).kind
    }
    switch kind {
    case .regular: try addRegular(name, path)
    case .directory: try addDirectory(name, path)
    case .socket: options.warn(path, "a socket cannot be stored in a layer")
    case .symbolicLink, .characterDevice, .blockDevice, .fifo: try addSpecial(name, path)
    }
  }

  private mutating func addRegular(_ name: FilePath, _ path: BytePath) throws(LayerError) {
    // Non-blocking: a FIFO may have taken the file's place since its kind was read.
    let file = try naming(path) { () throws(SystemError) in
      try cursor.directory.open(name, [.readOnly, .noFollow, .nonBlocking, .noControllingTerminal])
    }
    let status = try naming(path) { () throws(SystemError) in try file.status() }
    if status.kind != .regular { throw LayerError(path, .refused("changed its kind while it was read")) }
    if let first = firstName(status, path) {
      return try writer.add(TarEntry(path, .hardLink(first), status, []))
    }
    let attributes = try naming(path) { () throws(SystemError) in try file.extendedAttributes() }
    if options.form == .overlayUpper { try Overlay.checkWhole(attributes, path) }
    try writer.add(TarEntry(path, .regular, status, attributes, size: status.size), content: file)
  }

  private mutating func addDirectory(_ name: FilePath, _ path: BytePath) throws(LayerError) {
    try naming(path) { () throws(SystemError) in try cursor.descend(name) }
    let status = try naming(path) { () throws(SystemError) in try cursor.directory.status() }
    let attributes = try naming(path) { () throws(SystemError) in try cursor.directory.extendedAttributes() }
    try writer.add(TarEntry(path, .directory, status, attributes))
    try addContent(path, attributes)
    try naming(path) { () throws(SystemError) in try cursor.ascend() }
  }

  private mutating func addSpecial(_ name: FilePath, _ path: BytePath) throws(LayerError) {
    let status = try naming(path) { () throws(SystemError) in try cursor.directory.status(of: name) }
    if let first = firstName(status, path) {
      return try writer.add(TarEntry(path, .hardLink(first), status, []))
    }
    let entry = try naming(path) { () throws(SystemError) in try TarEntry(special: path, name, status, in: cursor.directory) }
    try writer.add(entry)
  }

  /// The path under which the file was stored before; nil, and `path` remembered, where this is its first name.
  private mutating func firstName(_ status: FileStatus, _ path: BytePath) -> BytePath? {
    if status.linkCount < 2 { return nil }
    let inode = Inode(device: status.device, inode: status.inode)
    if let first = links[inode] { return first }
    links[inode] = path
    return nil
  }
}

extension TarEntry {
  /// The metadata of a file on disk.
  package init(_ path: BytePath, _ kind: Kind, _ status: FileStatus, _ attributes: [ExtendedAttribute], size: Int64 = 0) {
    self.init(
      path, kind, mode: status.permissions, userID: status.userID, groupID: status.groupID, size: size,
      modified: status.modified, attributes: attributes)
  }
}
